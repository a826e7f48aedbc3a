"""A message that failed for a temporary reason and is to be delivered again later."""

from __future__ import annotations

from typing import Annotated

from pydantic import Base64Bytes, Field

from schemas.base import Event, Identifier, Instant


class Retry(Event):
    """`key` and `value` are the message's own bytes; at `due_at` they are sent to `topic` again, as attempt `attempt`.

    That is the number of the failed attempt if the model was not called, or the store was unavailable.
    """

    topic: str
    key: Base64Bytes | None = None
    value: Base64Bytes
    attempt: Annotated[int, Field(ge=1, le=100)]
    worker: Identifier
    error: str
    reason: str
    failed_at: Instant
    due_at: Instant
