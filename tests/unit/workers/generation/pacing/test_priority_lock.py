"""The order of the waiters."""

from __future__ import annotations

import asyncio

from workers.generation.pacing.model import PriorityLock


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_first_come_first_served_but_urgent_ones_before_the_others() -> None:
    lock, order = PriorityLock(), list[str]()

    async def waits(name: str, *, urgent: bool) -> None:
        async with lock.held(urgent=urgent):
            order.append(name)
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as tasks, lock.held(urgent=False):
        for name, urgent in (("a", False), ("b", False), ("now", True), ("c", False)):
            tasks.create_task(waits(name, urgent=urgent))
        await _settle()
    assert order == ["now", "a", "b", "c"]


async def test_a_waiter_that_gives_up_leaves_the_others_their_places() -> None:
    lock, done = PriorityLock(), asyncio.Event()

    async def waits() -> None:
        async with lock.held(urgent=False):
            done.set()

    async with lock.held(urgent=False):
        gone, next_one = asyncio.create_task(waits()), asyncio.create_task(waits())
        await _settle()
        gone.cancel()
    async with asyncio.timeout(5.0):
        await done.wait()
        await next_one


async def test_a_waiter_that_is_woken_and_cancelled_at_once_does_not_block_the_rest() -> None:
    lock = PriorityLock()

    async def waits() -> None:
        async with lock.held(urgent=False):
            pass

    async with lock.held(urgent=False):
        called, behind = asyncio.create_task(waits()), asyncio.create_task(waits())
        await _settle()
    called.cancel()
    async with asyncio.timeout(5.0):
        await asyncio.gather(called, behind, return_exceptions=True)
        async with lock.held(urgent=True):
            pass
