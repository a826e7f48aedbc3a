"""Fonts: the registry, the characters that each font can draw, and text cut into runs of one font."""
