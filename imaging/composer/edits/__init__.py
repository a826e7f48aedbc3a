"""Edits of images that the composer did not draw: copy set over them, grounds exchanged, light mended."""
