"""Measurements of a refinement beside the candidate that it was made from."""
