"""The font registry, and which characters each font can draw."""
