"""Type set by measurement: runs, lines, breaks and sizes."""
