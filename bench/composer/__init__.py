"""Benches of the composer."""
