from __future__ import annotations

import asyncio
from unittest.mock import AsyncMock

import pytest

from infra.providers.http import provider
from infra.providers.http.provider import Delay, retried
from schemas.errors import BadOutput, RateLimited, Unavailable


@pytest.fixture
async def waited(monkeypatch) -> list[float]:
    """The delays that were asked for; the loop's time passes by them and nothing waits."""
    loop, seconds = asyncio.get_running_loop(), []
    monkeypatch.setattr(provider.asyncio, "sleep", AsyncMock(side_effect=seconds.append))
    began = loop.time()
    monkeypatch.setattr(loop, "time", lambda: began + sum(seconds))
    return seconds


def _end(seconds: float) -> float:
    return asyncio.get_running_loop().time() + seconds


async def test_delays_grow_to_two_seconds_and_end_in_time(waited):
    delay = Delay(_end(20))
    while await delay.over():
        pass
    assert waited[:3] == pytest.approx([0.2, 0.3, 0.45])
    assert waited[-1] == 2.0
    assert 18 < sum(waited) <= 20


async def test_it_waits_as_long_as_it_is_told(waited):
    work = AsyncMock(side_effect=[RateLimited("full", retry_after=7.0), Unavailable("away"), "done"])
    assert await retried(work, _end(20)) == "done"
    assert waited == pytest.approx([7.0, 0.3])


async def test_the_last_error_comes_at_the_end(waited):
    work = AsyncMock(side_effect=Unavailable("away"))
    with pytest.raises(Unavailable):
        await retried(work, _end(1.0))
    assert sum(waited) <= 1.0
    assert work.await_count == len(waited) + 1


async def test_a_wait_beyond_the_end_is_not_begun(waited):
    with pytest.raises(RateLimited):
        await retried(AsyncMock(side_effect=RateLimited("full", retry_after=60.0)), _end(5))
    assert waited == []


async def test_other_errors_come_at_once(waited):
    with pytest.raises(BadOutput):
        await retried(AsyncMock(side_effect=BadOutput("no image")), _end(5))
    assert waited == []
