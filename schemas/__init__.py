"""What travels between the workers: pydantic models, the topic catalogue and the error tree.

This package imports pydantic and no other room of the project. It does no I/O and uses no clock and no randomness.
"""
