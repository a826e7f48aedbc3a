"""The ledger: a job is paid once, whichever process crashes when."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from infra.providers.base import Generation, Ticket
from infra.providers.registry import Registry
from infra.storage import ledger as ledger_module
from infra.storage.ledger import LEASE_DURATION, Lease, Ledger, Submission
from infra.storage.memory_store import MemoryStore
from schemas.errors import InvalidRequest, StoreError, Unavailable
from schemas.generations import GenerationRecord, GenerationRequest, ModelCard
from schemas.images import Size
from tests.support.factories import NOW, make_generation, make_request
from workers.generation.generator import Generator
from workers.generation.pacing.pacer import Pacer


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class CountingProvider:
    """A two-phase provider that counts what it is paid for."""

    name = "counting"

    def __init__(self) -> None:
        self.submitted = 0
        self.collected: list[str] = []
        self.fail_collect = False
        self.immediate = False

    def models(self) -> tuple[ModelCard, ...]:
        return (
            ModelCard(
                name="counted", version="1", provider="counting", tier="fast", operations=("text-to-image",),
                seed="none", price_usd=0.01, seconds=1.0, source="test", as_of="2026-11",
            ),
        )  # fmt: skip

    async def submit(self, request: GenerationRequest) -> Ticket:
        self.submitted += 1
        number = f"req-{self.submitted}"
        return Ticket("counted", number, finished=self._image() if self.immediate else None)

    async def collect(self, ticket: Ticket) -> Generation:
        self.collected.append(ticket.request_id)
        if self.fail_collect:
            raise Unavailable("away")
        return self._image()

    async def close(self) -> None:
        return

    def _image(self) -> Generation:
        return Generation(
            data=b"image", media_type="image/jpeg", size=Size(width=64, height=64), model_version="1", price_usd=0.01
        )


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def provider() -> CountingProvider:
    return CountingProvider()


def worker(store: MemoryStore, clock: Clock, provider: CountingProvider) -> Generator:
    return Generator(Registry([provider]), store, Ledger(store, clock), clock, slots=4, pacer=Pacer())


REQUEST = make_request(model="counted")


async def test_a_repeated_job_is_not_paid_again(store: MemoryStore, clock: Clock, provider: CountingProvider) -> None:
    first = await worker(store, clock, provider).generate(REQUEST)
    second = await worker(store, clock, provider).generate(REQUEST)
    assert provider.submitted == 1
    assert second.repeated
    assert second.record == first.record


async def test_a_crash_after_submission_resumes_polling(
    store: MemoryStore, clock: Clock, provider: CountingProvider
) -> None:
    lost = Ledger(store, clock)
    lease = await lost.take(REQUEST.job_id)
    assert isinstance(lease, Lease)
    await lost.submitted(lease, Submission(model="counted", request_id="req-of-the-lost"))
    clock.now += LEASE_DURATION + timedelta(seconds=1)
    generated = await worker(store, clock, provider).generate(REQUEST)
    assert provider.submitted == 0
    assert provider.collected == ["req-of-the-lost"]
    assert generated.claim == 2


async def test_a_live_claim_is_waited_for(
    store: MemoryStore, clock: Clock, provider: CountingProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_module, "POLL_SECONDS", 0.01)
    other = Ledger(store, clock)
    lease = await other.take(REQUEST.job_id)
    assert isinstance(lease, Lease)
    waiting = asyncio.create_task(worker(store, clock, provider).generate(REQUEST))
    await other.finish(lease, make_generation(REQUEST))
    assert (await waiting).repeated
    assert provider.submitted == 0


async def test_an_expired_claim_is_taken_over_once(store: MemoryStore, clock: Clock) -> None:
    await Ledger(store, clock).take("job-1")
    clock.now += LEASE_DURATION
    contenders = [Ledger(store, clock) for _ in range(8)]
    tasks = [asyncio.create_task(ledger.take("job-1")) for ledger in contenders]
    done, waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    assert [task.result().number for task in done if isinstance(task.result(), Lease)] == [2]
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_a_provider_error_gives_the_claim_back(
    store: MemoryStore, clock: Clock, provider: CountingProvider
) -> None:
    provider.fail_collect = True
    with pytest.raises(Unavailable):
        await worker(store, clock, provider).generate(REQUEST)
    provider.fail_collect = False
    generated = await worker(store, clock, provider).generate(REQUEST)
    assert provider.submitted == 1, "the request that was paid is polled on"
    assert generated.record.provider_request_id == "req-1"


async def test_the_first_result_counts(store: MemoryStore, clock: Clock) -> None:
    ledger = Ledger(store, clock)
    lease = await ledger.take("job-1")
    assert isinstance(lease, Lease)
    first, late = make_generation(price_usd=0.01), make_generation(price_usd=0.02)
    assert await ledger.finish(lease, first) == first
    assert await ledger.finish(lease, late) == first


async def test_a_synchronous_provider_needs_no_submission(
    store: MemoryStore, clock: Clock, provider: CountingProvider
) -> None:
    provider.immediate = True
    await worker(store, clock, provider).generate(REQUEST)
    keys = [key async for key in store.keys(f"ledger/{REQUEST.job_id}/")]
    assert [key.rsplit("/", 1)[1] for key in keys] == ["claim-1", "done"]


async def test_what_is_paid_is_kept_until_the_store_is_back(clock: Clock, provider: CountingProvider) -> None:
    class Away(MemoryStore):
        failures = 3

        async def create(self, key: str, data: bytes, media_type: str = "application/json") -> bool:
            if provider.submitted and self.failures:
                self.failures -= 1
                raise StoreError("away")
            return await super().create(key, data, media_type)

    store = Away()
    generated = await worker(store, clock, provider).generate(REQUEST)
    assert (provider.submitted, store.failures) == (1, 0)
    assert not generated.repeated


async def test_no_more_models_are_asked_at_once_than_there_are_slots(store: MemoryStore, clock: Clock) -> None:
    busy, most = 0, 0

    class Slow(CountingProvider):
        async def submit(self, request: GenerationRequest) -> Ticket:
            nonlocal busy, most
            busy += 1
            most = max(most, busy)
            await asyncio.sleep(0)
            busy -= 1
            return Ticket("counted", "req", finished=self._image())

    generator = Generator(Registry([Slow()]), store, Ledger(store, clock), clock, slots=3, pacer=Pacer())
    requests = [make_request(model="counted", job_id=f"job-{number}") for number in range(12)]
    await asyncio.gather(*(generator.generate(request) for request in requests))
    assert most == 3


async def test_a_claim_that_ran_out_while_its_job_waited_for_a_slot_buys_nothing(
    store: MemoryStore, clock: Clock, provider: CountingProvider
) -> None:
    begun, release = asyncio.Event(), asyncio.Event()

    class Blocking(CountingProvider):
        async def submit(self, request: GenerationRequest) -> Ticket:
            begun.set()
            await release.wait()
            return await super().submit(request)

    standing_still, first = Blocking(), make_request(model="counted", job_id="job-first")
    stale = Generator(Registry([standing_still]), store, Ledger(store, clock), clock, slots=1, pacer=Pacer())
    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        tasks.create_task(stale.generate(first))
        await begun.wait()
        waiting = tasks.create_task(stale.generate(REQUEST))
        while await store.get(f"ledger/{REQUEST.job_id}/claim-1") is None:  # noqa: ASYNC110 - the store has no event
            await asyncio.sleep(0)
        clock.now += LEASE_DURATION + timedelta(seconds=1)
        done = await worker(store, clock, provider).generate(REQUEST)
        release.set()
    assert waiting.result().repeated
    assert waiting.result().record == done.record
    assert (provider.submitted, standing_still.submitted) == (1, 1), "one for the waiting job, one for the first"


async def test_who_lost_a_claim_withdraws_nothing_of_its_successor(store: MemoryStore, clock: Clock) -> None:
    stale, successor = Ledger(store, clock), Ledger(store, clock)
    lost = await stale.take(REQUEST.job_id)
    assert isinstance(lost, Lease)
    clock.now += LEASE_DURATION + timedelta(seconds=1)
    lease = await successor.take(REQUEST.job_id)
    assert isinstance(lease, Lease)
    await successor.submitted(lease, Submission(model="counted", request_id="req-1"))
    await stale.withdraw(lost)
    assert await store.get(f"ledger/{REQUEST.job_id}/submitted") is not None
    await successor.withdraw(lease)
    assert await store.get(f"ledger/{REQUEST.job_id}/submitted") is None


async def test_an_unknown_model_names_its_neighbour(
    store: MemoryStore, clock: Clock, provider: CountingProvider
) -> None:
    with pytest.raises(InvalidRequest, match="did you mean 'counted'"):
        await worker(store, clock, provider).generate(make_request(model="countd"))


async def test_done_is_none_until_there_is_a_result(store: MemoryStore, clock: Clock) -> None:
    ledger = Ledger(store, clock)
    assert await ledger.done("job-1") is None
    lease = await ledger.take("job-1")
    assert isinstance(lease, Lease)
    await ledger.finish(lease, make_generation())
    assert isinstance(await ledger.done("job-1"), GenerationRecord)


@pytest.mark.parametrize("entry", ["done", "submitted", "claim-1"])
@pytest.mark.parametrize("data", [b"", b"{}", b"\xff", b"[1"])
async def test_an_entry_that_cannot_be_read_is_named_and_buys_nothing(
    store: MemoryStore, clock: Clock, provider: CountingProvider, entry: str, data: bytes
) -> None:
    if entry == "submitted":
        await Ledger(store, clock).take(REQUEST.job_id)
        clock.now += LEASE_DURATION
    elif entry == "done":
        await store.put(f"ledger/{REQUEST.job_id}/claim-1", b"{}")
    await store.put(f"ledger/{REQUEST.job_id}/{entry}", data)
    with pytest.raises(StoreError, match=f"ledger/{REQUEST.job_id}/{entry} cannot be read") as caught:
        await worker(store, clock, provider).generate(REQUEST)
    assert not caught.value.retryable
    assert provider.submitted == 0
