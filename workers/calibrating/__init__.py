"""Runs golden sets on image models and proposes calibrations."""
