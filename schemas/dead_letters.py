"""A message that could not be handled, with everything that its replay needs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Base64Bytes, Field

from schemas.base import Event, Instant


class DeadLetter(Event):
    """`key` and `value` are the message's own bytes; `reason` says what to do about it."""

    topic: str
    partition: Annotated[int, Field(ge=-1)]
    offset: Annotated[int, Field(ge=-1)]
    worker: str
    error: str
    reason: str
    attempts: Annotated[int, Field(ge=1)] = 1
    key: Base64Bytes | None = None
    value: Base64Bytes | None = None
    failed_at: Instant
