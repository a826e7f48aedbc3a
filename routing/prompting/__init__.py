"""Renders a model-neutral prompt in the dialect of each model family."""
