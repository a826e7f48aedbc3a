"""Typesetting by measurement: line breaks, sizes, and the drawing of text."""
