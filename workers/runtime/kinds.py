"""The worker kinds: how each is run, and how many jobs it works on at once."""

from __future__ import annotations

from importlib import import_module
from typing import Final, Literal, get_args

from infra.settings import Settings

WorkerKind = Literal["router", "drafter", "scorer", "promoter", "refiner", "finisher", "retrier"]
KINDS: Final[tuple[WorkerKind, ...]] = get_args(WorkerKind)
_ONE_AT_A_TIME: Final = frozenset({"router", "promoter", "retrier"})


async def run_kind(kind: WorkerKind, settings: Settings, concurrency: int) -> None:
    """Run a worker until SIGTERM or SIGINT. Only its own module is imported: a router needs no OpenCV."""
    from workers.runtime.worker import run_worker  # noqa: PLC0415 - who only asks for the kinds needs no faust

    module = import_module(f"workers.{kind}")
    if kind == "retrier":
        await module.run_retrier(settings)
    else:
        await run_worker(kind, module.set_up, settings, concurrency)


def concurrency_of(kind: WorkerKind, settings: Settings) -> int:
    """The jobs that a worker of `kind` works on at once; those that keep tables or wait work on one."""
    return 1 if kind in _ONE_AT_A_TIME else int(getattr(settings.concurrency, kind))
