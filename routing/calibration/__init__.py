"""Compares two versions of a model, and adjusts routing to the difference."""
