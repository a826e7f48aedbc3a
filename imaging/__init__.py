"""Everything that computes on pixels: decoding, colour, type, the composer and the measurements.

No network, no object store, no settings.
"""
