"""The worker kinds: what sets each up, and how many jobs it has in hand at once."""

from __future__ import annotations

from importlib import import_module
from typing import Final, Literal, get_args

from infra.settings import Settings
from workers.runtime import Setup

WorkerKind = Literal["router", "drafter", "scorer", "promoter", "refiner", "finisher"]
KINDS: Final[tuple[WorkerKind, ...]] = get_args(WorkerKind)
_ONE_AT_A_TIME: Final = frozenset({"router", "promoter"})


def setup_of(kind: WorkerKind) -> Setup:
    """What builds the agents of `kind`. Only that worker's module is imported: a router needs no OpenCV."""
    setup: Setup = import_module(f"workers.{kind}").set_up
    return setup


def concurrency_of(kind: WorkerKind, settings: Settings) -> int:
    """The jobs that a worker of `kind` has in hand at once; those that keep tables have one."""
    return 1 if kind in _ONE_AT_A_TIME else int(getattr(settings.concurrency, kind))
