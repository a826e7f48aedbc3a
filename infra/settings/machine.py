"""The settings of this machine: its embedded servers, and how much each process does at once."""

from __future__ import annotations

import os
from typing import Annotated

from pydantic import Field

from infra.settings.group import Group, Port

Concurrency = Annotated[int, Field(ge=1, le=1024)]


def cores() -> int:
    """The number of this machine's cores."""
    return os.cpu_count() or 1


class LocalSettings(Group):
    """The embedded servers. A port unset: a free one is chosen."""

    broker_port: Port | None = None
    store_port: Port | None = None
    start_seconds: Annotated[float, Field(gt=0)] = 60.0


class ConcurrencySettings(Group):
    """Jobs that one worker process has in hand at once.

    Drafting and refining wait for models on the network; scoring and finishing compute, one job a core.
    """

    drafter: Concurrency = 16
    scorer: Concurrency = Field(default_factory=cores)
    refiner: Concurrency = 8
    finisher: Concurrency = Field(default_factory=cores)
