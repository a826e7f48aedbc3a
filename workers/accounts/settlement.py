"""What a brief has spent beyond what its board was told: attempts that were paid and tried again."""

from __future__ import annotations

from infra import clock
from infra.storage.ledger import Ledger
from infra.storage.store import ObjectStore
from infra.storage.unused_payments import unused_payments
from schemas.money import UnusedPayment


async def unbooked_usd(store: ObjectStore, brief_id: str) -> float:
    """US dollars paid for attempts at the jobs of a brief that no scorecard and no failure told of.

    A failed job's last attempt is in the failure that the board was told of; those before, and all before a success,
    are not.
    """
    by_job: dict[str, list[UnusedPayment]] = {}
    for payment in await unused_payments(store, brief_id):
        by_job.setdefault(payment.job_id, []).append(payment)
    ledger = Ledger(store, clock.now)
    unbooked = 0.0
    for job_id, payments in by_job.items():
        told = payments if await ledger.done(job_id) is not None else payments[:-1]
        unbooked += sum(payment.usd for payment in told)
    return unbooked
