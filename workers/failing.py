"""Telling a brief's board of a job that came to nothing, so that its sums add up."""

from __future__ import annotations

from infra import clock
from schemas.errors import BrushfireError, ProviderError
from schemas.failures import JobFailure, Stage
from schemas.topics import FAILURES
from workers.runtime import Context


class DeadlinePassed(BrushfireError):
    """The brief's deadline came before the job's turn."""


async def report_failure(
    context: Context,
    error: Exception,
    *,
    stage: Stage,
    job_id: str,
    brief_id: str,
    candidate_id: str,
    form_name: str | None = None,
    spent_usd: float | None = None,
    attempt: int = 1,
) -> None:
    """Send the failure and its step of the lineage. `spent_usd` unset: what the error says the attempt cost."""
    if spent_usd is None:
        spent_usd = error.spent_usd if isinstance(error, ProviderError) else 0.0
    failure = JobFailure(
        job_id=job_id,
        brief_id=brief_id,
        stage=stage,
        candidate_id=candidate_id,
        form_name=form_name,
        error=type(error).__name__,
        reason=str(error) or type(error).__name__,
        spent_usd=spent_usd,
        attempt=attempt,
        failed_at=clock.now(),
    )
    await context.bus.send(FAILURES, brief_id, failure)
    await context.note(
        "job-failed", job_id, brief=brief_id, parents=(candidate_id,), error=failure.error, reason=failure.reason
    )
