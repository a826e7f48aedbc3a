from __future__ import annotations

from infra import clock
from infra.storage import records
from infra.storage.ledger import Lease, Ledger
from infra.storage.memory_store import MemoryStore
from routing.planning.plan import draft_jobs
from schemas.calibration import ModelVersion
from tests.support.factories import (
    make_brief,
    make_draft,
    make_generation,
    make_refinement,
    make_scorecard,
    make_signal,
)
from workers.calibrating.versions import cards_by_version


async def draw(store: MemoryStore, topic: str, version: str, *, recorded: bool = True) -> None:
    """A brief's drafts, scored and in the ledger."""
    ledger = Ledger(store, clock.now)
    for job in draft_jobs(make_brief(make_signal(topic)))[:3]:
        record = make_generation(job.request, model_version=version)
        await records.keep_scorecard(store, make_scorecard(make_draft(job=job, generation=record)))
        if recorded:
            lease = await ledger.take(job.job_id)
            assert isinstance(lease, Lease)
            await ledger.finish(lease, record)


async def test_drafts_are_grouped_by_the_version_that_drew_them():
    store = MemoryStore()
    await draw(store, "lapland", "1")
    await draw(store, "first snow", "2")
    await draw(store, "ski season", "3", recorded=False)
    await records.keep_scorecard(store, make_scorecard(make_refinement()))
    found = await cards_by_version(store)
    assert {str(subject): len(cards) for subject, cards in found.items()} == {
        "composer-draft@1": 3,
        "composer-draft@2": 3,
    }
    assert {card.brief_id for card in found[ModelVersion(model="composer-draft", version="1")]} == {
        make_brief(make_signal("lapland")).brief_id
    }
