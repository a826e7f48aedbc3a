"""Records that count from the first writing on."""

from __future__ import annotations

import asyncio

import pytest

from infra.storage import records
from infra.storage.memory_store import MemoryStore
from schemas.errors import MalformedMessage
from schemas.outcomes import SignalOutcome
from tests.support.factories import make_brief, make_signal_outcome


async def test_the_first_outcome_wins() -> None:
    store = MemoryStore()
    first, second = make_signal_outcome(name="blocked"), make_signal_outcome(name="ignored")
    assert await records.outcome_of_signal(store, first) == first
    assert await records.outcome_of_signal(store, second) == first


async def test_many_writers_agree() -> None:
    store = MemoryStore()
    names = ["blocked", "ignored", "expired", "held"]
    told = await asyncio.gather(*(records.outcome_of_signal(store, make_signal_outcome(name=n)) for n in names))
    assert len({outcome.name for outcome in told}) == 1


async def test_a_repeated_brief_keeps_its_first_deadline() -> None:
    store, brief = MemoryStore(), make_brief()
    await records.the_brief(store, brief)
    later = brief.model_copy(update={"deadline_at": brief.deadline_at.replace(year=2030)})
    assert (await records.the_brief(store, later)).deadline_at == brief.deadline_at


async def test_a_broken_record_is_told_with_its_place() -> None:
    store = MemoryStore()
    await store.put("outcomes/signals/sig-1.json", b"{}")
    with pytest.raises(MalformedMessage, match=r"outcomes/signals/sig-1\.json"):
        await records.read(store, "outcomes/signals/sig-1.json", SignalOutcome)


async def test_what_is_not_there_is_none() -> None:
    assert await records.read(MemoryStore(), "nothing", SignalOutcome) is None
