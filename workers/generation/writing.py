"""Writes that must not be given up, and the record of an image."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import stamina

from infra.providers.base import Generation, Ticket
from schemas.errors import StoreError
from schemas.generations import GenerationRecord, GenerationRequest
from schemas.images import ImageRef

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Made:
    """An image that is made and paid, and not stored yet.

    `seconds` is what its calls took; `wasted_usd` is what calls for the same image cost that gave none.
    """

    request: GenerationRequest
    provider: str
    ticket: Ticket
    generation: Generation
    started_at: datetime
    seconds: float
    wasted_usd: float = 0.0


def record_of(made: Made, key: str) -> GenerationRecord:
    """The record of an image that is stored under `key`."""
    request, ticket, generation = made.request, made.ticket, made.generation
    size, media_type = generation.size, generation.media_type
    return GenerationRecord(
        job_id=request.job_id,
        operation=request.operation,
        model=request.model,
        model_version=generation.model_version,
        provider=made.provider,
        provider_request_id=ticket.request_id,
        seed_sent=generation.seed_sent if generation.seed_sent is not None else ticket.seed_sent,
        seed_returned=generation.seed_returned,
        strength=request.strength,
        references=request.references,
        mask=request.mask,
        edit=request.edit,
        changes=request.prompt.changes,
        prompt_version=request.prompt.version,
        prompt_text=generation.prompt_text or ticket.prompt_text,
        image=ImageRef(key=key, media_type=media_type, size=size, bytes=len(generation.data)),
        price_usd=generation.price_usd + made.wasted_usd,
        wasted_usd=made.wasted_usd,
        started_at=made.started_at,
        seconds=made.seconds,
        parameters=dict(generation.parameters),
        regions=generation.regions,
    )


async def patiently(write: Callable[[], Awaitable[T]]) -> T:
    """`write`, again and again while the store is away: what is paid is in hand, and to give it up is to pay again.

    The handler's limit is the end of it. A retry context costs CPU, so it is made only after a first failure.
    """
    try:
        return await write()
    except StoreError as error:
        failed = error
    async for attempt in stamina.retry_context(
        on=lambda error: isinstance(error, StoreError) and error.retryable, attempts=None, timeout=None
    ):
        with attempt:
            if attempt.num == 1:
                raise failed
            return await write()
    raise AssertionError("an endless retry has no end")
