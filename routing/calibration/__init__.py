"""Two versions of a model compared, and what routing does about the difference."""
