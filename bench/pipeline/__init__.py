"""Benches of the main line."""
