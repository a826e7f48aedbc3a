"""Attempts at an image that cost money and brought none, written down as they fail."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from infra import clock
from infra.storage.store import ObjectStore
from infra.storage.unused_payments import note_unused
from schemas.drafts import DraftJob
from schemas.errors import ProviderError
from schemas.money import UnusedPayment
from schemas.refinements import RefineJob


@asynccontextmanager
async def unused_payments_noted(store: ObjectStore, job: DraftJob | RefineJob) -> AsyncIterator[None]:
    """Write down what the body paid where it ends in a `ProviderError`, and let that go its way."""
    try:
        yield
    except ProviderError as error:
        if error.spent_usd > 0:
            await note_unused(store, _payment(job, error))
        raise


def _payment(job: DraftJob | RefineJob, error: ProviderError) -> UnusedPayment:
    return UnusedPayment(
        job_id=job.job_id,
        brief_id=job.brief_id,
        campaign_id=job.campaign_id,
        model=job.request.model,
        usd=error.spent_usd,
        error=type(error).__name__,
        reason=str(error),
        at=clock.now(),
    )
