"""Settings of all tests, and how they are divided among processes."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("searching", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))
"""The same examples at each run, so that a failure belongs to a change; ``HYPOTHESIS_PROFILE=searching`` tries more.

Examples have no deadline of their own: on a busy machine each of them may take long. pytest limits the whole test."""

ONE_STORY = "tests/integration/pipeline/"
"""Its files share one run, which takes a minute: they belong to one process."""


class ByFile(LoadFileScheduling):
    """A file's tests go to one process, and so do those of `ONE_STORY`."""

    def _split_scope(self, nodeid: str) -> str:
        return ONE_STORY if nodeid.startswith(ONE_STORY) else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    """Divide the tests among the processes of ``-n 2``."""
    return ByFile(config, log)
