"""The scorecards: what can be measured of a picture on a CPU, one check a file, one contract for all (`check.py`)."""
