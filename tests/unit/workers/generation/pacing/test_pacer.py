"""Jobs wait for an unavailable provider, for a while; refusals make no job wait."""

from __future__ import annotations

import asyncio

import pytest

from routing.pacing.circuit_breaker import FAILURES_TO_OPEN
from schemas.errors import ModelPaused, ProviderError, RateLimited, Refused, Unavailable
from workers.generation.pacing.pacer import Pacer


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


async def call(pacer: Pacer, error: ProviderError | None = None, model: str = "fast") -> None:
    async with pacer.turn(model):
        if error is not None:
            raise error


async def outage(pacer: Pacer, model: str = "fast") -> None:
    for _ in range(FAILURES_TO_OPEN):
        with pytest.raises(Unavailable):
            await call(pacer, Unavailable("away"), model)


async def test_after_some_failures_jobs_are_to_be_retried_later() -> None:
    clock = Clock()
    pacer = Pacer(clock, patience=0.0)
    await outage(pacer)
    with pytest.raises(ModelPaused) as paused:
        await call(pacer)
    assert paused.value.retry_after >= 1.0
    clock.now += 1.0
    await call(pacer)


async def test_an_unavailable_model_does_not_stop_another() -> None:
    pacer = Pacer(Clock(), patience=0.0)
    await outage(pacer)
    assert pacer.is_paused("fast")
    assert not pacer.is_paused("other")
    await call(pacer, model="other")


async def test_refusals_are_no_outage() -> None:
    pacer = Pacer(Clock(), patience=0.0)
    for _ in range(10):
        with pytest.raises(Refused):
            await call(pacer, Refused("no"))
    await call(pacer)


async def test_a_waiting_job_goes_on_as_soon_as_the_pause_is_over() -> None:
    pacer = Pacer(patience=5.0)
    with pytest.raises(RateLimited):
        await call(pacer, RateLimited("slow down", retry_after=0.05))
    assert pacer.is_paused("fast")
    async with asyncio.timeout(2.0):
        await call(pacer)


async def test_a_job_behind_the_probe_goes_on_with_its_answer() -> None:
    clock = Clock()
    pacer = Pacer(clock, patience=5.0)
    await outage(pacer)
    clock.now += 1.0
    release, begun = asyncio.Event(), asyncio.Semaphore(0)

    async def slow() -> None:
        async with pacer.turn("fast"):
            begun.release()
            await release.wait()

    async with asyncio.timeout(5.0), asyncio.TaskGroup() as tasks:
        tasks.create_task(slow())
        tasks.create_task(slow())
        await begun.acquire()
        assert begun.locked(), "the second went ahead before the first was answered"
        release.set()
        await begun.acquire()


async def test_a_cancelled_call_gives_its_place_back() -> None:
    clock = Clock()
    pacer = Pacer(clock, patience=0.0)
    await outage(pacer)
    clock.now += 1.0
    with pytest.raises(asyncio.CancelledError):
        async with pacer.turn("fast"):
            raise asyncio.CancelledError
    await call(pacer)
