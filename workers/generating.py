"""What drafter and refiner share: the image models of this machine, behind the ledger, within the deadline."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from infra import clock
from infra.generation import Generated, Generator
from infra.providers.catalogue import open_registry
from infra.storage.ledger import Ledger
from schemas.errors import BrushfireError, InvalidRequest, Refused
from schemas.generations import GenerationRequest
from workers.pacing import Pacer
from workers.runtime import Context


class DeadlinePassed(BrushfireError):
    """The brief's deadline came before the job's turn."""


FINAL: Final = (DeadlinePassed, Refused, InvalidRequest)
"""Errors that no second attempt mends."""


async def open_generator(context: Context) -> Generator:
    """A generator over all configured models; closed with the worker."""
    registry = open_registry(context.settings, context.store)
    context.closing.push_async_callback(registry.close)
    ledger = Ledger(context.store, clock.now)
    return Generator(registry, context.store, ledger, clock.now, slots=context.concurrency, gate=Pacer())


async def generate_in_time(generator: Generator, request: GenerationRequest, deadline_at: datetime) -> Generated:
    """The picture of `request`; `DeadlinePassed` is raised before any money is spent."""
    if deadline_at <= clock.now():
        raise DeadlinePassed("the brief's deadline came before this job's turn")
    return await generator.generate(request)
