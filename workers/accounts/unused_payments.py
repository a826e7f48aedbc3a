"""Attempts at an image that cost money and gave none: written down as they fail, summed up when a brief ends."""

from __future__ import annotations

from infra import clock
from infra.storage.ledger import Ledger
from infra.storage.store import ObjectStore
from infra.storage.unused_payments import note_unused, unused_payments
from schemas.drafts import DraftJob
from schemas.errors import ProviderError
from schemas.money import UnusedPayment
from schemas.refinements import RefineJob


async def note_unused_payment(store: ObjectStore, job: DraftJob | RefineJob, error: ProviderError) -> None:
    """Write down what the attempt at `job` cost that ended in `error`, if anything."""
    if error.spent_usd <= 0:
        return
    payment = UnusedPayment(
        job_id=job.job_id,
        brief_id=job.brief_id,
        campaign_id=job.campaign_id,
        model=job.request.model,
        usd=error.spent_usd,
        error=type(error).__name__,
        reason=str(error),
        at=clock.now(),
    )
    await note_unused(store, payment)


async def unbooked_usd(store: ObjectStore, brief_id: str) -> float:
    """US dollars paid for attempts at the jobs of a brief that are in no scorecard and in no failure.

    The board knows a failed job's last attempt from its failure. It does not know those before, nor any attempt before
    a success.
    """
    by_job: dict[str, list[UnusedPayment]] = {}
    for payment in await unused_payments(store, brief_id):
        by_job.setdefault(payment.job_id, []).append(payment)
    ledger = Ledger(store, clock.now)
    unbooked = 0.0
    for job_id, payments in by_job.items():
        unknown = payments if await ledger.done(job_id) is not None else payments[:-1]
        unbooked += sum(payment.usd for payment in unknown)
    return unbooked
