"""What holds for all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True)
settings.register_profile("searching", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))
"""The same examples at each run, so that a failure belongs to a change; ``HYPOTHESIS_PROFILE=searching`` looks on."""

SERVERS = (Path(__file__).parent / "integration" / "pipeline", Path(__file__).parent / "integration" / "stack")


def pytest_itemcollected(item: pytest.Item) -> None:
    """What runs servers runs in one process, one after the other, while another has the rest."""
    if any(item.path.is_relative_to(folder) for folder in SERVERS):
        item.add_marker(pytest.mark.xdist_group("servers"))
