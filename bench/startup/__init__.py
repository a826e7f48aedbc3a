"""Bench of the start: from `brushfire up` to the first signal judged, recovery, the demo, and memory."""
