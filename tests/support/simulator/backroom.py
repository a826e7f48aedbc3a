"""The work of the models: beside the call where the API has a queue, within it where it has none."""

from __future__ import annotations

import asyncio

from tests.support.simulator.desk import Desk, Job


class Backroom:
    """The work in flight, by call."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._work: dict[str, asyncio.Task[None]] = {}

    def start(self, job: Job) -> asyncio.Task[None]:
        """Start the work as a task of its own."""
        task = self._work[job.call.id] = asyncio.create_task(self._desk.work(job))
        task.add_done_callback(lambda _: self._work.pop(job.call.id, None))
        return task

    async def wait(self, job: Job) -> None:
        """Work while the caller waits. The model goes on after the client has hung up, and the image is billed."""
        work = self.start(job)
        try:
            await asyncio.shield(work)
        except (asyncio.CancelledError, ConnectionError):
            if job.call.is_open:
                job.call.outcome = "abandoned"
            if job.mishap == "hang":
                work.cancel()
            raise

    def stop(self, job: Job) -> bool:
        """Stop the work, so that nothing is billed; False where it is done."""
        task = self._work.get(job.call.id)
        if job.call.outcome != "working" or task is None:
            return False
        task.cancel()
        job.call.outcome = "cancelled"
        return True

    async def close(self) -> None:
        """End all work."""
        tasks = list(self._work.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
