"""Measurements of text: contrast, lettering and spelling."""
