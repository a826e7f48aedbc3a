"""Runs golden sets on image models, compares versions and proposes calibrations."""
