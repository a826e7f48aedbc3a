"""The scorecards: what can be measured of an image on a CPU, one check a file, one contract for all (`check.py`)."""
