"""The clock: what workers pass to routing as `now`."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, with its zone (UTC)."""
    return datetime.now(UTC)
