"""Payments that brought no picture, one an object: ``payments/unused/<brief>/<job>-<random>``."""

from __future__ import annotations

from uuid import uuid4

from infra.kafka.decoding import decode_as
from infra.storage.store import ObjectStore
from schemas.money import UnusedPayment


async def note_unused(store: ObjectStore, payment: UnusedPayment) -> None:
    """Write `payment` down; every attempt is one of its own."""
    key = f"{_folder(payment.brief_id)}{payment.job_id}-{uuid4().hex[:12]}"
    await store.create(key, payment.model_dump_json().encode())


async def unused_payments(store: ObjectStore, brief_id: str) -> tuple[UnusedPayment, ...]:
    """The unused payments of a brief, in the order of their time."""
    found = []
    async for key in store.keys(_folder(brief_id)):
        data = await store.get(key)
        if data is not None:
            found.append(decode_as(UnusedPayment, key, data))
    return tuple(sorted(found, key=lambda payment: payment.at))


def _folder(brief_id: str) -> str:
    return f"payments/unused/{brief_id}/"
