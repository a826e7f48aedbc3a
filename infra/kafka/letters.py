"""Dead letters of messages as they came from Kafka."""

from __future__ import annotations

import base64
from typing import Any

from infra.clock import now
from schemas.dead_letters import DeadLetter


def letter_of(message: Any, worker: str, error: Exception, reason: str, attempts: int = 1) -> DeadLetter:
    """The dead letter of `message`, which `worker` could not handle because of `error`."""
    return DeadLetter(
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        worker=worker,
        error=type(error).__name__,
        reason=reason,
        attempts=attempts,
        key=as_base64(message.key),
        value=as_base64(message.value),
        failed_at=now(),
    )


def as_base64(data: bytes | None) -> bytes | None:
    """Bytes as pydantic's `Base64Bytes` takes them."""
    return base64.b64encode(data) if data is not None else None
