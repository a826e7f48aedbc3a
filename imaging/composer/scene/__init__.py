"""A scene in units, without a pixel: its axes, and what is arranged where."""
