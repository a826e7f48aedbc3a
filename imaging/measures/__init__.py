"""The checks of a scorecard: what can be measured of an image on a CPU, one interface for all (`check.py`)."""
