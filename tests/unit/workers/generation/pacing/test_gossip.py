"""Processes report their calls to each other through the object store."""

from __future__ import annotations

import asyncio

import pytest

from infra.storage.memory_store import MemoryStore
from infra.storage.pace import PaceReports
from routing.pacing.circuit_breaker import FAILURES_TO_OPEN, LONGEST_PAUSE
from routing.pacing.gossip import SILENT_SECONDS
from schemas.errors import ModelPaused, RateLimited, StoreError, Unavailable
from schemas.paces import PaceReport
from workers.generation.pacing.gossip import Gossip, gossiping
from workers.generation.pacing.pacer import Pacer

MODEL = "fast"


class Clock:
    now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


class Member:
    """A process: its pacer, and its gossip, driven by hand."""

    def __init__(self, name: str, store: MemoryStore, clock: Clock) -> None:
        self.pacer = Pacer(clock, patience=0.0, accounts=lambda _: "provider:key", slots=16)
        self.gossip = Gossip(self.pacer, PaceReports(store), name, 1.0)
        self.pacer.introduce = self.gossip.introduce

    async def call(self, error: Exception | None = None) -> None:
        async with self.pacer.turn(MODEL):
            if error is not None:
                raise error


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pair(clock: Clock) -> tuple[Member, Member]:
    store = MemoryStore()
    return Member("a", store, clock), Member("b", store, clock)


async def round_of(clock: Clock, *members: Member) -> None:
    clock.now += 1.0
    for _ in range(2):  # the first to read does not see what the other is about to write
        for member in members:
            await member.gossip.round()


async def test_all_keep_to_a_limit_that_one_has_learned(clock: Clock, pair: tuple[Member, Member]) -> None:
    one, other = pair
    await other.call()
    with pytest.raises(RateLimited):
        await one.call(RateLimited("slower"))
    await round_of(clock, one, other)
    assert other.pacer.model(MODEL).limiter.rate == one.pacer.model(MODEL).limiter.rate
    assert other.pacer.model(MODEL).limiter.rate.is_met


async def test_processes_under_load_get_half_each_and_a_silent_one_nothing(
    clock: Clock, pair: tuple[Member, Member]
) -> None:
    one, other = pair
    for member in pair:
        member.pacer.model(MODEL).limiter.waiting = 20
    await round_of(clock, one, other)
    assert one.pacer.model(MODEL).limiter.share.fraction == other.pacer.model(MODEL).limiter.share.fraction == 0.5
    for _ in range(2):  # what is read first is the other's last word
        clock.now += SILENT_SECONDS
        await one.gossip.round()
    assert one.pacer.model(MODEL).limiter.share.fraction == 1.0


async def test_an_outage_that_one_found_stops_the_others(clock: Clock, pair: tuple[Member, Member]) -> None:
    one, other = pair
    await other.call()
    clock.now += 1.0
    for _ in range(FAILURES_TO_OPEN):
        with pytest.raises(Unavailable):
            await one.call(Unavailable("away"))
    await one.gossip.round()
    await other.gossip.round()
    with pytest.raises(ModelPaused):
        await other.call()
    assert other.pacer.choose([MODEL, "spare"]) == "spare"


async def test_a_model_that_is_new_to_a_process_begins_with_what_is_known(
    clock: Clock, pair: tuple[Member, Member]
) -> None:
    one, other = pair
    with pytest.raises(RateLimited):
        await one.call(RateLimited("slower"))
    await one.gossip.round()
    await other.gossip.read()
    assert other.pacer.model(MODEL).limiter.rate.is_met


async def test_while_the_store_is_unavailable_every_process_keeps_its_share(
    clock: Clock, pair: tuple[Member, Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = pair
    for member in pair:
        member.pacer.model(MODEL).limiter.waiting = 20
    await round_of(clock, one, other)

    async def away(*_: object) -> bytes | None:
        raise StoreError("away")

    monkeypatch.setattr(MemoryStore, "put", away)
    monkeypatch.setattr(MemoryStore, "get", away)
    clock.now += 60.0
    await one.gossip.round()
    assert one.pacer.model(MODEL).limiter.share.fraction == 0.5


async def test_reports_of_another_day_are_removed_and_what_is_no_report_is_ignored(clock: Clock) -> None:
    store = MemoryStore()
    reports = PaceReports(store)
    await reports.put(PaceReport(member="long-gone", number=1, at=clock.now - 86_400.0))
    await store.put("paces/odd.json", b"{}")
    await Member("a", store, clock).gossip.read()
    assert [key async for key in store.keys("paces/")] == ["paces/odd.json"]


async def test_nothing_is_reported_while_no_model_is_called() -> None:
    store = MemoryStore()
    pacer = Pacer(accounts=lambda _: "provider:key")
    async with gossiping(pacer, PaceReports(store), "a", 0.1):
        await asyncio.sleep(0)
        assert [key async for key in store.keys("paces/")] == []
        async with pacer.turn(MODEL):
            pass
        async with asyncio.timeout(5.0):
            while not [key async for key in store.keys("paces/")]:  # noqa: ASYNC110 - another task writes
                await asyncio.sleep(0.01)


@pytest.mark.parametrize("wrong_by", [-86_400.0, -3600.0, 3600.0, 86_400.0])
async def test_a_machine_whose_clock_is_wrong_gets_its_share_and_stops_no_other_for_longer(
    clock: Clock, wrong_by: float
) -> None:
    store, wrong = MemoryStore(), Clock()
    wrong.now += wrong_by
    one, other = Member("a", store, clock), Member("b", store, wrong)
    for member in (one, other):
        member.pacer.model(MODEL).limiter.waiting = 20
    for _ in range(3):  # the first report of each may be taken for one of another day
        wrong.now += 1.0
        await round_of(clock, one, other)
    assert one.pacer.model(MODEL).limiter.share.fraction == other.pacer.model(MODEL).limiter.share.fraction == 0.5
    for _ in range(FAILURES_TO_OPEN):
        with pytest.raises(Unavailable):
            await other.call(Unavailable("away"))
    await other.gossip.round()
    await one.gossip.round()
    assert 0.0 < one.pacer.model(MODEL).limiter.breaker.pause_left(clock.now) <= LONGEST_PAUSE


async def test_a_report_of_the_far_future_that_is_not_renewed_teaches_nothing(clock: Clock) -> None:
    store, wrong = MemoryStore(), Clock()
    wrong.now += 86_400.0
    one, gone = Member("a", store, clock), Member("b", store, wrong)
    with pytest.raises(RateLimited):
        await gone.call(RateLimited("slower"))
    await gone.gossip.round()
    one.pacer.model(MODEL)
    for _ in range(2):
        clock.now += SILENT_SECONDS
        await one.gossip.read()
    assert [key async for key in store.keys("paces/")] == []
