"""Runs the unit tests on every supported Python: ``python -m tests.support.pythons``; part of ``make test-pythons``."""
