"""Edits of images that the composer did not draw: new copy, another background, better light."""
