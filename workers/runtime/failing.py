"""Reports of failed jobs to their briefs' boards, which count them."""

from __future__ import annotations

from infra import clock
from schemas.drafts import DraftJob
from schemas.errors import ProviderError
from schemas.failures import JobFailure, JobStage
from schemas.refinements import FinishJob, RefineJob
from schemas.topics import FAILURES
from workers.runtime.worker import Context


async def draft_failed(context: Context, job: DraftJob, error: Exception, spent_usd: float | None = None) -> None:
    """Report that a draft failed for the last time. `spent_usd` unset: the cost that the error names."""
    failure = _failure(error, "draft", job.brief_id, job.job_id, job.job_id, spent_usd)
    await _report(context, failure.model_copy(update={"form_name": job.form.name}))


async def refinement_failed(context: Context, job: RefineJob, error: Exception, spent_usd: float | None = None) -> None:
    """Report that a refinement failed for the last time: the next-best candidate can take its place."""
    failure = _failure(error, "refine", job.brief_id, job.job_id, job.candidate_id, spent_usd)
    await _report(context, failure.model_copy(update={"form_name": job.form.name, "attempt": job.attempt}))


async def finish_failed(context: Context, job: FinishJob, error: Exception) -> None:
    """Report that an asset could not be finished."""
    await _report(context, _failure(error, "finish", job.brief.brief_id, job.job_id, job.candidate_id, 0.0))


def _failure(
    error: Exception, stage: JobStage, brief_id: str, job_id: str, candidate_id: str, spent_usd: float | None
) -> JobFailure:
    if spent_usd is None:
        spent_usd = error.spent_usd if isinstance(error, ProviderError) else 0.0
    return JobFailure(
        job_id=job_id,
        brief_id=brief_id,
        stage=stage,
        candidate_id=candidate_id,
        error=type(error).__name__,
        reason=str(error) or type(error).__name__,
        spent_usd=spent_usd,
        failed_at=clock.now(),
    )


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
