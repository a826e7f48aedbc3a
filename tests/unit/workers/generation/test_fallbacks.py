"""One job gives one image under one id, whichever model makes it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from infra.providers.base import Generation, Ticket
from infra.providers.registry import Registry
from infra.storage.ledger import Ledger
from infra.storage.memory_store import MemoryStore
from routing.pacing.circuit_breaker import FAILURES_TO_OPEN
from schemas.errors import (
    BadOutput,
    BudgetExceeded,
    InvalidRequest,
    ModelPaused,
    NotServed,
    ProviderError,
    RateLimited,
    Refused,
    Unavailable,
)
from schemas.generations import GenerationRequest, ModelCard
from schemas.images import Size
from schemas.prices import ModelPrice, flat_price
from tests.support.factories import make_request
from workers.accounts.treasury import Treasury
from workers.generation.generator import Generator
from workers.generation.pacing.pacer import Pacer

PRICE = 0.01
BRIEF = "brf-1"


class Model:
    """A provider of one model. Each submit ends in the next of `answers`: an error, or None for an image."""

    def __init__(self, name: str, *, two_phase: bool = False) -> None:
        self.name = name
        self.answers: list[ProviderError | None] = []
        self.collecting: ProviderError | None = None
        self.hanging: asyncio.Event | None = None
        self.submitted = 0
        self.delays: list[float] = []
        self.price: ModelPrice | None = None
        self._two_phase = two_phase

    def models(self) -> tuple[ModelCard, ...]:
        return (
            ModelCard(
                name=self.name, version="1", provider=self.name, tier="fast", operations=("text-to-image",),
                seed="none", price_usd=PRICE, seconds=1.0, source="test", as_of="2026-11", price=self.price,
            ),
        )  # fmt: skip

    async def submit(self, request: GenerationRequest) -> Ticket:
        self.submitted += 1
        number = f"{self.name}-{self.submitted}"
        if self.delays:
            await asyncio.sleep(self.delays.pop(0))
        error = self.answers.pop(0) if self.answers else None
        if error is not None:
            raise error
        return Ticket(request.model, number, finished=None if self._two_phase else self._image())

    async def collect(self, ticket: Ticket) -> Generation:
        if self.hanging is not None:
            self.hanging.set()
            await asyncio.Event().wait()
        if self.collecting is not None:
            raise self.collecting
        return self._image()

    async def close(self) -> None:
        return

    def _image(self) -> Generation:
        size = Size(width=64, height=64)
        return Generation(self.name.encode(), "image/jpeg", size, model_version="1", price_usd=PRICE)


Make = Callable[..., Generator]


@pytest.fixture
def fast() -> Model:
    return Model("fast", two_phase=True)


@pytest.fixture
def spare() -> Model:
    return Model("spare")


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def pacer() -> Pacer:
    return Pacer(patience=0.0, accounts=lambda model: f"{model}:key")


class Purse(Treasury):
    """Accounts that answer at once: `set_aside` is what they do with a question for money."""

    def __init__(self, set_aside: Callable[[float], Awaitable[bool]]) -> None:
        self._answer = set_aside

    async def set_aside(self, brief_id: str, usd: float) -> bool:
        assert brief_id == BRIEF
        return await self._answer(usd)


@pytest.fixture
def generator(fast: Model, spare: Model, store: MemoryStore, pacer: Pacer) -> Generator:
    return generator_of([fast, spare], store, pacer)


def generator_of(models: list[Model], store: MemoryStore, pacer: Pacer, treasury: Treasury | None = None) -> Generator:
    def now() -> datetime:
        return datetime.now(UTC)

    return Generator(Registry(models), store, Ledger(store, now), now, slots=4, pacer=pacer, treasury=treasury)


def request(number: int = 0) -> GenerationRequest:
    return make_request(job_id=f"job-{number}", model="fast")


@pytest.mark.parametrize("error", [Unavailable("away"), BadOutput("empty", spent_usd=PRICE)])
async def test_another_model_takes_over_within_the_same_job(
    error: ProviderError, generator: Generator, fast: Model, store: MemoryStore
) -> None:
    spent = error.spent_usd
    fast.answers = [error]
    made = await generator.generate(request(), ("spare",))
    assert (made.record.model, made.record.job_id) == ("spare", "job-0")
    assert made.record.wasted_usd == spent
    assert made.record.price_usd == pytest.approx(PRICE + spent)
    again = await generator.generate(request(), ("spare",))
    assert again.repeated
    assert again.record == made.record


@pytest.mark.parametrize("error", [NotServed("wrong key"), BudgetExceeded("the account is empty")])
async def test_a_job_goes_on_elsewhere_where_an_account_is_in_trouble(
    error: ProviderError, generator: Generator, fast: Model, pacer: Pacer
) -> None:
    fast.answers = [error]
    assert (await generator.generate(request(), ("spare",))).record.model == "spare"
    assert pacer.model("fast").limiter.breaker.is_closed


async def test_a_job_that_would_wait_an_hour_goes_to_another_model_at_once(generator: Generator, fast: Model) -> None:
    fast.answers = [RateLimited("the quota is used up", retry_after=3600.0)]
    for number in range(3):
        assert (await generator.generate(request(number), ("spare",))).record.model == "spare"
    assert fast.submitted == 1


@pytest.mark.parametrize("error", [Refused("no"), InvalidRequest("wrong"), RateLimited("slower", retry_after=5.0)])
async def test_a_job_that_would_fail_with_every_model_goes_nowhere(
    error: ProviderError, generator: Generator, fast: Model, spare: Model
) -> None:
    fast.answers = [error]
    with pytest.raises(type(error)):
        await generator.generate(request(), ("spare",))
    assert (fast.submitted, spare.submitted) == (1, 0)


@pytest.mark.parametrize("error", [Unavailable("away"), NotServed("the key was revoked"), BudgetExceeded("empty")])
async def test_an_accepted_request_never_goes_to_another_provider(
    error: ProviderError, generator: Generator, fast: Model, spare: Model
) -> None:
    fast.collecting = error
    for _ in range(2):
        with pytest.raises(type(error)):
            await generator.generate(request(), ("spare",))
    fast.collecting = None
    made = await generator.generate(request(), ("spare",))
    assert (made.record.model, fast.submitted, spare.submitted) == ("fast", 1, 0)


async def test_an_accepted_request_that_failed_may_go_elsewhere(
    generator: Generator, fast: Model, spare: Model
) -> None:
    fast.collecting = BadOutput("empty", spent_usd=PRICE)
    made = await generator.generate(request(), ("spare",))
    assert (made.record.model, made.record.wasted_usd) == ("spare", PRICE)
    assert spare.submitted == 1


async def test_an_unavailable_model_is_not_called_while_its_breaker_is_open(
    generator: Generator, fast: Model, spare: Model
) -> None:
    fast.answers = [Unavailable("away") for _ in range(100)]
    for number in range(30):
        made = await generator.generate(request(number), ("spare",))
        assert made.record.model == "spare"
    assert fast.submitted == FAILURES_TO_OPEN


async def test_what_an_unavailable_model_has_accepted_waits_for_it(
    generator: Generator, fast: Model, spare: Model
) -> None:
    fast.collecting = Unavailable("away")
    with pytest.raises(Unavailable):
        await generator.generate(request(99), ("spare",))
    fast.answers = [Unavailable("away") for _ in range(100)]
    for number in range(FAILURES_TO_OPEN):
        await generator.generate(request(number), ("spare",))
    submitted = spare.submitted
    with pytest.raises(ModelPaused):
        await generator.generate(request(99), ("spare",))
    assert spare.submitted == submitted


async def test_a_job_stops_waiting_when_its_provider_goes_and_collects_when_it_is_back(
    generator: Generator, fast: Model, pacer: Pacer
) -> None:
    fast.hanging = asyncio.Event()
    waiting = asyncio.create_task(generator.generate(request(99), ("spare",)))
    await fast.hanging.wait()
    fast.answers = [Unavailable("away") for _ in range(FAILURES_TO_OPEN)]
    for number in range(FAILURES_TO_OPEN):
        await generator.generate(request(number), ("spare",))
    with pytest.raises(ModelPaused):
        await waiting
    fast.hanging = None
    pacer.model("fast").limiter.breaker.recovered_elsewhere()
    made = await generator.generate(request(99), ("spare",))
    assert (made.record.model, made.record.provider_request_id) == ("fast", "fast-1")


async def test_with_every_model_unavailable_the_job_is_retried(generator: Generator, fast: Model, spare: Model) -> None:
    fast.answers = [Unavailable("away", spent_usd=PRICE)]
    spare.answers = [Unavailable("away too")]
    with pytest.raises(Unavailable) as failed:
        await generator.generate(request(), ("spare",))
    assert failed.value.spent_usd == PRICE
    made = await generator.generate(request(), ("spare",))
    assert made.record.model == "fast"


def some_calls_were_slow(pacer: Pacer) -> None:
    for seconds in [0.01] * 55 + [0.05] * 9:
        pacer.model("spare").limiter.latencies.add(seconds)


def second_calls_are_due(pacer: Pacer) -> None:
    some_calls_were_slow(pacer)
    for _ in range(40):  # as many calls as one second call may come on
        pacer.hedge_after("spare", 1.0)


async def test_an_urgent_call_that_takes_unusually_long_is_joined_by_a_second_one(
    generator: Generator, spare: Model, pacer: Pacer
) -> None:
    second_calls_are_due(pacer)
    spare.delays = [30.0]
    async with asyncio.timeout(5.0):
        made = await generator.generate(make_request(job_id="job-1", model="spare"), urgent=True)
    assert spare.submitted == 2
    assert made.record.provider_request_id == "spare-2"
    assert made.record.wasted_usd == PRICE
    assert made.record.price_usd == pytest.approx(2 * PRICE)


@pytest.mark.parametrize("is_there", [True, False])
async def test_a_second_call_is_sent_where_the_money_for_its_own_image_is_set_aside(
    spare: Model, store: MemoryStore, pacer: Pacer, is_there: bool
) -> None:
    second_calls_are_due(pacer)
    asked: list[float] = []

    async def set_aside(usd: float) -> bool:
        asked.append(usd)
        return is_there

    spare.price = flat_price(PRICE, "test", "2026-11", further_usd=PRICE)
    generator = generator_of([spare], store, pacer, Purse(set_aside))
    spare.delays = [0.2, 30.0]
    large = make_request(job_id="job-1", model="spare", size=Size(width=2048, height=1024))
    async with asyncio.timeout(5.0):
        made = await generator.generate(large, urgent=True, brief_id=BRIEF)
    assert asked == [2 * PRICE]
    assert spare.submitted == (2 if is_there else 1)
    assert made.record.wasted_usd == (2 * PRICE if is_there else 0.0)
    assert pacer.model("spare").limiter.demand(pacer.clock()).calls == 0


async def test_a_call_that_is_refused_while_the_budget_is_asked_is_not_sent_again(
    spare: Model, store: MemoryStore, pacer: Pacer
) -> None:
    second_calls_are_due(pacer)

    async def set_aside(_: float) -> bool:
        for _ in range(500):
            if not spare.answers:
                return True
            await asyncio.sleep(0.01)
        return False

    spare.delays, spare.answers = [0.15], [Refused("no")]
    generator = generator_of([spare], store, pacer, Purse(set_aside))
    with pytest.raises(Refused):
        await generator.generate(make_request(job_id="job-1", model="spare"), urgent=True, brief_id=BRIEF)
    assert spare.submitted == 1


async def test_a_rate_limited_second_call_slows_the_next_ones_down(
    generator: Generator, spare: Model, pacer: Pacer
) -> None:
    second_calls_are_due(pacer)
    spare.delays, spare.answers = [0.3, 0.0], [RateLimited("slower", retry_after=20.0), None]
    async with asyncio.timeout(5.0):
        made = await generator.generate(make_request(job_id="job-1", model="spare"), urgent=True)
    assert (made.record.provider_request_id, made.record.wasted_usd) == ("spare-1", 0.0)
    assert pacer.model("spare").limiter.breaker.pause_left(pacer.clock()) > 10.0


async def test_of_two_calls_the_first_may_still_win(generator: Generator, spare: Model, pacer: Pacer) -> None:
    second_calls_are_due(pacer)
    spare.delays = [0.2, 30.0]
    async with asyncio.timeout(5.0):
        made = await generator.generate(make_request(job_id="job-1", model="spare"), urgent=True)
    assert (spare.submitted, made.record.provider_request_id, made.record.wasted_usd) == (2, "spare-1", PRICE)


async def test_calls_without_urgency_get_no_second_one(generator: Generator, spare: Model, pacer: Pacer) -> None:
    some_calls_were_slow(pacer)
    spare.delays = [0.2]
    made = await generator.generate(make_request(job_id="job-1", model="spare"))
    assert (spare.submitted, made.record.wasted_usd) == (1, 0.0)
