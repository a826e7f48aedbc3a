"""Reports of failed jobs to their briefs' boards, which count them."""

from __future__ import annotations

from infra import clock
from schemas.drafts import DraftJob
from schemas.errors import ProviderError
from schemas.failures import JobFailure
from schemas.refinements import FinishJob, RefineJob
from schemas.topics import FAILURES
from workers.runtime.worker import Context


async def draft_failed(context: Context, job: DraftJob, error: Exception, spent_usd: float | None = None) -> None:
    """Report that a draft failed for the last time. `spent_usd` unset: the cost that the error names."""
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
    await _report(context, failure)


async def refinement_failed(context: Context, job: RefineJob, error: Exception, spent_usd: float | None = None) -> None:
    """Report that a refinement failed for the last time: the next-best candidate can take its place."""
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
    await _report(context, failure)


async def finish_failed(context: Context, job: FinishJob, error: Exception) -> None:
    """Report that an asset could not be finished."""
    failure = JobFailure(
        job_id=job.job_id,
        brief_id=job.brief.brief_id,
        stage="finish",
        candidate_id=job.candidate_id,
        error=type(error).__name__,
        reason=_reason(error),
        failed_at=clock.now(),
    )
    await _report(context, failure)


async def _report(context: Context, failure: JobFailure) -> None:
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
