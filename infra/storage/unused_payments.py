"""Payments that brought no image, one an object: ``payments/unused/<brief>/<job>-<random>``."""

from __future__ import annotations

from typing import Final
from uuid import uuid4

from infra.decoding import decode_as
from infra.storage.store import ObjectStore
from schemas.money import UnusedPayment

_ALL: Final = "payments/unused/"


async def note_unused(store: ObjectStore, payment: UnusedPayment) -> None:
    """Write `payment` down; every attempt is one of its own."""
    key = f"{_folder(payment.brief_id)}{payment.job_id}-{uuid4().hex[:12]}"
    await store.create(key, payment.model_dump_json().encode())


async def unused_payments(store: ObjectStore, brief_id: str) -> tuple[UnusedPayment, ...]:
    """The unused payments of a brief, in the order of their time."""
    return await _read(store, [key async for key in store.keys(_folder(brief_id))])


async def briefs_with_unused_payments(store: ObjectStore) -> frozenset[str]:
    """The briefs that have any."""
    start = len(_ALL)
    return frozenset([key[start:].partition("/")[0] async for key in store.keys(_ALL)])


async def _read(store: ObjectStore, keys: list[str]) -> tuple[UnusedPayment, ...]:
    found = []
    for key in keys:
        data = await store.get(key)
        if data is not None:
            found.append(decode_as(UnusedPayment, key, data))
    return tuple(sorted(found, key=lambda payment: payment.at))


def _folder(brief_id: str) -> str:
    return f"{_ALL}{brief_id}/"
