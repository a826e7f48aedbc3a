"""Draws the logos and product images of the sample brands: shapes, paints and shading over Pillow and OpenCV."""
