"""A batch of drafts takes its turn among others: it has so many jobs in the queue and no more."""

from __future__ import annotations

import pytest

from infra.providers.registry import Registry
from routing.planning.plan import WAVE
from schemas.briefs import Brief
from schemas.campaigns import TierPlan
from schemas.drafts import DraftJob
from schemas.failures import JobFailure
from schemas.outcomes import BriefOutcome
from tests.support.line import Line
from tests.unit.workers.test_line import LAPLAND, Refusing, now_signal, tell, travel

BATCH = 2 * WAVE + 9


def jobs_waiting(line: Line, brief: str) -> int:
    """Jobs of `brief` that the drafter has not begun, each counted once."""
    jobs = (event for _, event in line.waiting if isinstance(event, DraftJob))
    return len({job.job_id for job in jobs if job.brief_id == brief})


class Watched(Line):
    """A line that notes the longest queue of a brief."""

    longest = 0

    async def run(self) -> None:
        while self.waiting:
            for brief in {event.brief_id for _, event in self.waiting if isinstance(event, DraftJob)}:
                self.longest = max(self.longest, jobs_waiting(self, brief))
            await self.step()


@pytest.mark.parametrize("repeats", [0.0, 0.2])
async def test_a_batch_never_has_more_than_its_share_of_the_queue(repeats: float) -> None:
    line = Watched(registry=Registry([Refusing()]), seed=1, repeats=repeats)
    try:
        await travel(line, plan=TierPlan(drafts=BATCH, promote=1, draft_long_side=160), lane="batch")
        await tell(line, now_signal("lapland", *LAPLAND), now_signal("lapland in spring", *LAPLAND))
        briefs = line.all(Brief)
        assert len(briefs) == 2
        if not repeats:
            assert line.longest == WAVE
        for brief in briefs:
            failed = [failure for failure in line.all(JobFailure) if failure.brief_id == brief.brief_id]
            assert len({failure.job_id for failure in failed}) == BATCH
        assert {outcome.name for outcome in line.all(BriefOutcome)} == {"failed"}
    finally:
        await line.close()
