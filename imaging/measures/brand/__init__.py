"""Measurements of brand colours and of the logo."""
