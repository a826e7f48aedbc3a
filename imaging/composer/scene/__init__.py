"""Scenes: their axes, and the arrangement of their parts, in units and without pixels."""
