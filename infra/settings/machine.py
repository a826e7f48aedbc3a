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
    """The embedded servers."""

    broker_port: Port | None = None
    """Port of the embedded broker. Unset: a free port."""
    store_port: Port | None = None
    """Port of the embedded store. Unset: a free port."""
    start_seconds: Annotated[float, Field(gt=0)] = 60.0
    """Limit of a server's start."""


class ConcurrencySettings(Group):
    """Jobs in flight in one worker process.

    Drafter and refiner wait for models on the network. Scorer and finisher compute, one job on each core.
    """

    drafter: Concurrency = 16
    """Drafts in flight."""
    scorer: Concurrency = Field(default_factory=cores)
    """Images measured concurrently."""
    refiner: Concurrency = 8
    """Refinements in flight."""
    finisher: Concurrency = Field(default_factory=cores)
    """Assets finished concurrently."""
