"""Edits of pictures that the composer did not draw: copy set over them, grounds exchanged, light mended."""
