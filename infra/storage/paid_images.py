"""A paid image on its way into the store: its bytes under their content key, and its record."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import stamina

from infra.providers.base import Generation, Ticket
from infra.storage.store import ObjectStore
from schemas.errors import StoreError
from schemas.generations import GenerationRecord, GenerationRequest
from schemas.identifiers import content_key
from schemas.images import ImageRef

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class UnstoredImage:
    """An image that is made and paid, and not stored yet.

    `seconds` is the time of its calls. `wasted_usd` is what other calls for the same image cost without giving one.
    """

    request: GenerationRequest
    provider: str
    ticket: Ticket
    generation: Generation
    started_at: datetime
    seconds: float
    wasted_usd: float = 0.0


async def store_image(store: ObjectStore, paid: UnstoredImage) -> GenerationRecord:
    """Store the bytes of `paid`, however long the store is unavailable. Returns the record for the ledger."""
    data, media_type = paid.generation.data, paid.generation.media_type
    key = content_key(data, media_type)
    await until_stored(lambda: store.create(key, data, media_type))
    image = ImageRef(key=key, media_type=media_type, size=paid.generation.size, bytes=len(data))
    return _record_of(paid, image)


async def until_stored(write: Callable[[], Awaitable[T]]) -> T:
    """The result of `write`, retried with backoff while the store is unavailable: to drop a paid image is to pay again.

    The handler's time limit ends it. A retry context costs CPU, so it is made only after a first failure.
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


def _record_of(paid: UnstoredImage, image: ImageRef) -> GenerationRecord:
    request, ticket, generation = paid.request, paid.ticket, paid.generation
    return GenerationRecord(
        job_id=request.job_id,
        operation=request.operation,
        model=request.model,
        model_version=generation.model_version,
        provider=paid.provider,
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
        image=image,
        price_usd=generation.price_usd + paid.wasted_usd,
        wasted_usd=paid.wasted_usd,
        started_at=paid.started_at,
        seconds=paid.seconds,
        parameters=dict(generation.parameters),
        regions=generation.regions,
    )
