"""What travels between the workers: pydantic models, the topic catalogue and the error tree.

This room imports pydantic and nothing else of the house: no I/O, no clocks, no randomness.
"""
