"""Feeds in, signals out: one file for each format, and `feeds` that tells them apart."""
