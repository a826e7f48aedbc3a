"""What drafter and refiner share: the image models of this machine, behind the ledger, within the deadline."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import uuid4

import structlog

from infra import clock
from infra.providers.catalogue import open_registry
from infra.providers.registry import Registry
from infra.settings import Settings
from infra.settings.providers import HttpProviderSettings
from infra.storage.ledger import Ledger
from infra.storage.pace import PaceBoard
from routing.pacing.fallback import fallback_chain
from routing.prompting.dialects import rendered_for
from schemas.campaigns import Lane
from schemas.errors import BrushfireError, InvalidRequest, Refused
from schemas.generations import GenerationRequest, ModelCard
from workers.generation import Affords, Generated, Generator
from workers.generation.pacing import Pacer, shared
from workers.runtime.worker import Context

log = structlog.get_logger()


class DeadlinePassed(BrushfireError):
    """The brief's deadline came before the job's turn."""


FINAL: Final = (DeadlinePassed, Refused, InvalidRequest)
"""Errors that no second attempt mends."""


async def open_generator(context: Context) -> Generator:
    """A generator over all configured models; closed with the worker."""
    registry = open_registry(context.settings, context.store)
    context.closing.push_async_callback(registry.close)
    ledger = Ledger(context.store, clock.now)
    gate = await open_pacer(context, registry)
    slots = context.concurrency
    return Generator(registry, context.store, ledger, clock.now, slots=slots, gate=gate, asking=asked_in_its_words)


def asked_in_its_words(request: GenerationRequest, model: str) -> GenerationRequest:
    """`request` put to `model`; what stands in for another model is told in its own family's dialect."""
    if model == request.model:
        return request
    neutral = request.prompt.model_copy(update={"rendered": None, "emphasis": ()})
    return request.model_copy(update={"model": model, "prompt": rendered_for(neutral, model, request.safe_area)})


async def open_pacer(context: Context, registry: Registry) -> Pacer:
    """The pace of the models of `registry`, shared with other processes where the settings say so."""
    settings = context.settings.pace
    accounts = accounts_of(registry, context.settings)
    pacer = Pacer(accounts=accounts, slots=context.concurrency, settings=settings)
    if settings.shared:
        board, member = PaceBoard(context.store), f"{context.kind}-{uuid4().hex}"
        await context.closing.enter_async_context(shared(pacer, board, member, settings.report_seconds))
    return pacer


def accounts_of(registry: Registry, settings: Settings) -> Callable[[str], str | None]:
    """The account that a model is called with: its provider and a trace of the key; None on this machine."""

    def account(model: str) -> str | None:
        provider = registry.card(model).provider
        configured = getattr(settings.providers, provider.replace("-", "_"), None)
        if not isinstance(configured, HttpProviderSettings):
            return None
        secret = "" if configured.key is None else configured.key.get_secret_value()
        trace = hashlib.sha256(f"{configured.base_url} {secret}".encode()).hexdigest()[:12]
        return f"{provider}:{trace}"

    return account


async def generate_in_time(
    generator: Generator,
    request: GenerationRequest,
    deadline_at: datetime,
    lane: Lane = "standard",
    affords: Affords | None = None,
) -> Generated:
    """The image of `request`; `DeadlinePassed` is raised before any money is spent.

    `affords` sets money aside for a second call for the same image, in the express lane.
    """
    if deadline_at <= clock.now():
        raise DeadlinePassed("the brief's deadline came before this job's turn")
    models = models_for(generator.registry, request)
    return await generator.generate(request, models[1:], urgent=lane == "express", affords=affords)


def models_for(registry: Registry, request: GenerationRequest) -> list[str]:
    """The models that may make the image of `request`, the one that it asks for first."""
    if not request.fallbacks:
        return [request.model]
    return fallback_chain(registry.card(request.model), _known(registry, request.fallbacks), request, clock.now())


def _known(registry: Registry, models: tuple[str, ...]) -> list[ModelCard]:
    cards = {card.name: card for card in registry.cards()}
    for unknown in set(models) - set(cards):
        log.warning("a fallback is no model of this worker", model=unknown)
    return [cards[model] for model in models if model in cards]
