"""Telling a brief's board of a job that came to nothing, so that its sums add up."""

from __future__ import annotations

from infra import clock
from schemas.drafts import DraftJob
from schemas.errors import ProviderError
from schemas.failures import JobFailure
from schemas.refinements import FinishJob, RefineJob
from schemas.topics import FAILURES
from workers.runtime.worker import Context


async def draft_failed(context: Context, job: DraftJob, error: Exception, spent_usd: float | None = None) -> None:
    """Tell of a draft that will not come. `spent_usd` unset: what the error says the attempt cost."""
    failure = JobFailure(
        job_id=job.job_id,
        brief_id=job.brief_id,
        stage="draft",
        candidate_id=job.job_id,
        form_name=job.form.name,
        error=type(error).__name__,
        reason=_reason(error),
        spent_usd=_spent(error, spent_usd),
        failed_at=clock.now(),
    )
    await _tell(context, failure)


async def refinement_failed(context: Context, job: RefineJob, error: Exception, spent_usd: float | None = None) -> None:
    """Tell of a refinement that will not come, so that the next-best candidate can rise. `spent_usd`: as above."""
    failure = JobFailure(
        job_id=job.job_id,
        brief_id=job.brief_id,
        stage="refine",
        candidate_id=job.candidate_id,
        form_name=job.form.name,
        error=type(error).__name__,
        reason=_reason(error),
        spent_usd=_spent(error, spent_usd),
        attempt=job.attempt,
        failed_at=clock.now(),
    )
    await _tell(context, failure)


async def finish_failed(context: Context, job: FinishJob, error: Exception) -> None:
    """Tell of an asset that will not come."""
    failure = JobFailure(
        job_id=job.job_id,
        brief_id=job.brief.brief_id,
        stage="finish",
        candidate_id=job.candidate_id,
        error=type(error).__name__,
        reason=_reason(error),
        failed_at=clock.now(),
    )
    await _tell(context, failure)


async def _tell(context: Context, failure: JobFailure) -> None:
    await context.bus.send(FAILURES, failure.brief_id, failure)
    await context.note(
        "job-failed",
        failure.job_id,
        brief=failure.brief_id,
        parents=(failure.candidate_id or failure.brief_id,),
        error=failure.error,
        reason=failure.reason,
    )


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def _spent(error: Exception, spent_usd: float | None) -> float:
    if spent_usd is not None:
        return spent_usd
    return error.spent_usd if isinstance(error, ProviderError) else 0.0
