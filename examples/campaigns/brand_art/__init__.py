"""Draws the logos and product pictures of the sample brands: shapes, paints and shading over Pillow and OpenCV."""
