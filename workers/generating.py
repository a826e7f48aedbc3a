"""What drafter and refiner share: the image models of this machine, behind the ledger."""

from __future__ import annotations

from infra import clock
from infra.generation import Generator
from infra.providers.catalogue import open_registry
from infra.storage.ledger import Ledger
from workers.runtime import Context


async def open_generator(context: Context) -> Generator:
    """A generator over all configured models; closed with the worker."""
    registry = open_registry(context.settings, context.store)
    context.closing.push_async_callback(registry.close)
    return Generator(registry, context.store, Ledger(context.store, clock.now), clock.now)
