"""Painting a scene: the brush, outlines, cut-outs, and the light of a final."""
