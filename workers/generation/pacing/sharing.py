"""What this process tells other processes of its calls, and hears of theirs, each second while models are called."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import structlog

from infra.storage.pace import PaceBoard
from routing.pacing.gossip import (
    STALE_SECONDS,
    Members,
    by_member,
    follow_breakers,
    merge_limits,
    report_of,
    take_share,
    to_own_clock,
)
from schemas.errors import StoreError
from schemas.paces import PaceReport
from workers.generation.pacing.line import Line
from workers.generation.pacing.pacer import Pacer

IDLE_ROUNDS: Final = 5
"""Reports without a call before the reports end; the last of them says that nothing is needed."""
LEAST_SECONDS: Final = 0.2
"""Between two reports, however much there is to tell."""

log = structlog.get_logger()


class Sharing:
    """Tells of the lines of `pacer` as `member`, and gives each its share."""

    def __init__(self, pacer: Pacer, board: PaceBoard, member: str, seconds: float) -> None:
        self._pacer = pacer
        self._board = board
        self._member = member
        self._seconds = seconds
        self._roster = Members()
        self._reports: list[PaceReport] = []
        self._living: list[PaceReport] = []
        self._number = 0

    async def run(self) -> None:
        """Tell and hear, until cancelled; nothing is told or read while no model is called."""
        while True:
            await self._pacer.used.wait()
            self._pacer.used.clear()
            idle = 0
            while idle < IDLE_ROUNDS:
                await self.round()
                idle = 0 if self._is_busy() else idle + 1
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._seconds):
                        await self._pacer.news.wait()
                self._pacer.news.clear()
                await asyncio.sleep(LEAST_SECONDS)

    async def round(self) -> None:
        """Tell and hear once. While the store is away everybody keeps the share that he has."""
        try:
            await asyncio.gather(self._tell(), self.hear())
        except StoreError as error:
            log.warning("processes cannot tell each other of their pace", error=str(error))

    async def hear(self) -> None:
        """Read what all others tell, and make of it what is to be made."""
        reports = await self._board.others(self._member)
        now = self._pacer.clock()
        self._living = [to_own_clock(report, now) for report in self._roster.living(reports, now)]
        alive = {report.member for report in self._living}
        gone = [report for report in reports if report.member not in alive]
        self._reports = [*self._living, *(report for report in gone if abs(now - report.at) < STALE_SECONDS)]
        for line in self._pacer.lines():
            self.acquaint(line)
        for report in gone:
            if abs(now - report.at) >= STALE_SECONDS:
                await self._board.forget(report.member)

    def acquaint(self, line: Line) -> None:
        """Let `line` know what was heard of its model."""
        if line.key is None:
            return
        now = self._pacer.clock()
        living = by_member(line.key, self._living)
        merge_limits(line.limiter, by_member(line.key, self._reports).values(), now)
        take_share(line.limiter, self._member, living, now)
        follow_breakers(line.limiter, living.values(), now, line.away_since)
        line.notice(now, "another process found it so")

    async def _tell(self) -> None:
        now = self._pacer.clock()
        told = [
            report_of(line.key, line.limiter, now, line.away_since)
            for line in self._pacer.lines()
            if line.key is not None
        ]
        self._number += 1
        await self._board.tell(PaceReport(member=self._member, number=self._number, at=now, models=tuple(told)))

    def _is_busy(self) -> bool:
        now = self._pacer.clock()
        return any(line.limiter.demand(now).wanted for line in self._pacer.lines())


@asynccontextmanager
async def shared(pacer: Pacer, board: PaceBoard, member: str, seconds: float) -> AsyncIterator[None]:
    """Share the limits of the models of `pacer` with other processes, while the body runs."""
    sharing = Sharing(pacer, board, member, seconds)
    with suppress(StoreError):
        await sharing.hear()
    pacer.acquaint = sharing.acquaint
    task = asyncio.create_task(sharing.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
