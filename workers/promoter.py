"""Promoter: briefs, scorecards, reviews, failures, finished assets -> refine-jobs, finish-jobs, outcomes.

Each brief has a board in one table, and its events arrive in one stream, keyed by the brief's id. What a board asks for
is sent and confirmed before the board is saved, so a crash between the two repeats sends and loses none.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any, Final

from infra import clock
from infra.storage.records import outcome_of_brief
from routing.brief.board import Board
from routing.brief.commands import Command
from routing.brief.money import claim_usd, in_flight_usd
from schemas.errors import BudgetExceeded
from schemas.failures import DeadlineReached
from schemas.lineage import LineageEvent
from schemas.outcomes import BriefOutcome
from schemas.refinements import FinishJob, RefineJob
from schemas.topics import (
    BOARD_TOPICS,
    BRIEF_OUTCOMES,
    DEADLINES,
    FINISH_JOBS,
    LINEAGE,
    REFINE_JOBS,
    for_lane,
)
from workers.accounts.treasury import Treasury
from workers.accounts.unused_payments import unbooked_usd
from workers.runtime.failing import refinement_failed
from workers.runtime.worker import Context

TICK_SECONDS: Final = 0.5
"""How late a deadline may be noticed: little compared with the seconds that an image takes."""


async def set_up(context: Context) -> None:
    """Subscribe to all events of briefs, and start the timer of deadlines."""
    table = context.app.Table("boards", key_type=bytes, value_type=bytes, partitions=context.settings.kafka.partitions)
    promoter = Promoter(context, table)
    context.subscribe(dict.fromkeys(BOARD_TOPICS, promoter.handle), concurrency=1)
    context.app.timer(TICK_SECONDS, on_leader=False)(promoter.tick)


class Promoter:
    """The boards of this process."""

    def __init__(self, context: Context, table: Any) -> None:
        self._context = context
        self._table = table
        self._treasury = Treasury(context.store)
        self._deadlines_sent: dict[str, datetime] = {}
        self._parsed: dict[bytes, tuple[bytes, Board]] = {}

    async def handle(self, event: Any) -> None:
        """Apply `event` to the board of its brief, send what the board asks for, save the board."""
        key = event.brief_id.encode()
        board = self._board(key) or Board.new(event.brief_id)
        if board.forgotten_by(event):
            self._forget(key)
            return
        after, commands = board.apply(event, clock.now())
        no_money = await self._cover(after)
        await asyncio.gather(*(self._send(command, no_money) for command in commands))
        await self._settle(board, event, after)
        if after is not board:
            self._save(key, after)

    async def _cover(self, board: Board) -> str | None:
        """Claim from the accounts what an open brief needs. Returns the reason where they refuse."""
        state = board.state
        if state.brief is None:
            return None
        return await self._treasury.cover(state.brief, claim_usd(state, state.brief), state.spent_usd)

    async def _settle(self, before: Board, event: Any, after: Board) -> None:
        """Give back what a brief did not spend, where `event` has ended it."""
        outcome = after.state.outcome
        if outcome is None or before.state.outcome is not None:
            return
        state = before.state.record(event)
        brief = state.brief
        if brief is None:
            return
        spent_usd = outcome.spent_usd + await unbooked_usd(self._context.store, brief.brief_id)
        await self._treasury.settle(brief, spent_usd, in_flight_usd(state, brief))

    async def tick(self) -> None:
        """Send a deadline event to each board that has one due, once for each moment."""
        now = clock.now()
        for key in list(self._table.keys()):
            board = self._board(key)
            due = board.next_due() if board else None
            brief_id = key.decode()
            if due is not None and due <= now and self._deadlines_sent.get(brief_id) != due:
                await self._context.bus.send(DEADLINES, brief_id, DeadlineReached(brief_id=brief_id, due_at=due))
                self._deadlines_sent[brief_id] = due

    def _board(self, key: bytes) -> Board | None:
        """The board in the table. It is parsed again only where its bytes have changed."""
        data = self._table.get(key)
        if data is None:
            return None
        known = self._parsed.get(key)
        if known is None or known[0] is not data:
            known = self._parsed[key] = (data, Board.model_validate_json(data))
        return known[1]

    def _save(self, key: bytes, board: Board) -> None:
        data = board.model_dump_json(exclude_defaults=True).encode()
        self._table[key] = data
        self._parsed[key] = (data, board)

    def _forget(self, key: bytes) -> None:
        self._table.pop(key)
        self._parsed.pop(key, None)
        self._deadlines_sent.pop(key.decode(), None)

    async def _send(self, command: Command, no_money: str | None) -> None:
        match command:
            case RefineJob() if no_money is not None:
                await refinement_failed(self._context, command, BudgetExceeded(no_money))
            case RefineJob():
                await self._context.bus.send(for_lane(REFINE_JOBS, command.lane), command.job_id, command)
            case FinishJob():
                await self._context.bus.send(for_lane(FINISH_JOBS, command.brief.lane), command.job_id, command)
            case BriefOutcome():
                outcome = await outcome_of_brief(self._context.store, command)
                await self._context.bus.send(BRIEF_OUTCOMES, outcome.brief_id, outcome)
            case LineageEvent():
                await self._context.bus.send(LINEAGE, command.brief_id, command)
