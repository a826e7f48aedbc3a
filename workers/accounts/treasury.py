"""The money of briefs: reserved before a brief is sent, raised while it is open, given back when it ends.

Any number of routers, promoters and generators share the accounts; see `routing.money.budget`. A brief draws on the
account of the day of its creation (UTC) for its whole life, also after midnight.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

import structlog

from infra import clock
from infra.storage import records
from infra.storage.spending_log import SpendingLog
from infra.storage.store import ObjectStore
from routing.money import budget
from routing.planning.plan import affordable
from schemas.briefs import Brief
from schemas.errors import BrushfireError
from schemas.money import Posting
from workers.accounts.account_book import AccountBook

log = structlog.get_logger()

BOOKS_KEPT: Final = 256
SETTLED_KEPT: Final = 5_000
"""Ended briefs that the account of a whole campaign remembers, so that a late repeat settles none of them again."""
TOTAL: Final = "total"
"""The account of a campaign's whole life."""


@dataclass(frozen=True, slots=True)
class _Limit:
    """An account that a brief draws on, its limit in US dollars, and the words of both for messages."""

    book: AccountBook
    usd: float
    what: str
    setting: str
    waiting: str


def day_of(brief: Brief) -> str:
    """The name of the account of the day of `brief`, such as ``2026-11-22`` (UTC)."""
    return brief.created_at.astimezone(UTC).date().isoformat()


class Treasury:
    """The accounts in `store`. Its methods raise `StoreError` where the store is unavailable."""

    def __init__(self, store: ObjectStore, now: Callable[[], datetime] = clock.now) -> None:
        self._store = store
        self._now = now
        self._by = f"treasury-{uuid4().hex}"
        self._books: OrderedDict[tuple[str, str], AccountBook] = OrderedDict()

    def book(self, campaign_id: str, account: str) -> AccountBook:
        """The account of that name (a day, or `TOTAL`) of a campaign."""
        key = campaign_id, account
        if key not in self._books:
            kept = SETTLED_KEPT if account == TOTAL else None
            self._books[key] = AccountBook(SpendingLog(self._store, campaign_id, account), kept)
            if len(self._books) > BOOKS_KEPT:
                self._books.popitem(last=False)
        self._books.move_to_end(key)
        return self._books[key]

    async def reserve(self, brief: Brief) -> str | None:
        """Reserve what `brief` plans to spend. Idempotent.

        A plan above the brief's own budget reserves nothing: its board refuses it.

        Returns:
            None, or why the money is not there and what would let the brief through.
        """
        return await self._raise(brief, brief.planned_usd) if affordable(brief) else None

    async def add(self, brief: Brief, usd: float) -> bool:
        """Raise the claim of an open brief by `usd` on every account, or on none. Returns whether it is there."""
        raised: list[AccountBook] = []
        for limit in self._limits(brief):
            if await self._add(limit, brief, usd) is not None:
                for book in raised:
                    await self._take_off(book, brief, usd)
                return False
            raised.append(limit.book)
        return True

    async def set_aside(self, brief_id: str, usd: float) -> bool:
        """Raise the claim of an open brief by `usd` for a second call. False also where the accounts cannot be read."""
        try:
            brief = await records.read(self._store, records.brief_key(brief_id), Brief)
            return brief is not None and await self.add(brief, usd)
        except BrushfireError as error:
            log.warning("no second call: the budget cannot be asked", brief=brief_id, error=str(error))
            return False

    async def cover(self, brief: Brief, claim_usd: float, spent_usd: float) -> str | None:
        """Raise the claim of an open brief to `claim_usd`. Returns why not, if so; `spent_usd` is booked anyway."""
        why = await self._raise(brief, claim_usd)
        if why is not None:
            for limit in self._limits(brief):
                await limit.book.change(
                    lambda account: budget.book(account, brief.brief_id, spent_usd, now=self._now(), by=self._by)
                )
        return why

    async def settle(self, brief: Brief, spent_usd: float, in_flight_usd: float) -> None:
        """Give back what `brief`, which has ended, did not spend. Idempotent."""
        for limit in self._limits(brief):
            await limit.book.change(
                lambda account: budget.settle(
                    account, brief.brief_id, spent_usd, in_flight_usd, now=self._now(), by=self._by
                )
            )

    async def _raise(self, brief: Brief, usd: float) -> str | None:
        """Raise the claim on every account of `brief`, or on none where one denies it."""
        raised: list[tuple[AccountBook, float]] = []
        for limit in self._limits(brief):
            denied, before_usd = await self._claim(limit, brief, usd)
            if denied is not None:
                for book, back_to_usd in raised:
                    await self._lower(book, brief, back_to_usd)
                return budget.denial_reason(denied, limit.what, limit.setting, limit.waiting)
            raised.append((limit.book, before_usd))
        return None

    async def _claim(self, limit: _Limit, brief: Brief, usd: float) -> tuple[budget.Denied | None, float]:
        """The denial, if there is one, and the claim before (US dollars)."""
        before_usd = 0.0

        def decide(account: budget.Account) -> Posting | budget.Denied | None:
            nonlocal before_usd
            before_usd = account.claim_of(brief.brief_id).usd
            return budget.reserve(account, brief.brief_id, usd, limit.usd, now=self._now(), by=self._by)

        return await limit.book.change(decide), before_usd

    async def _add(self, limit: _Limit, brief: Brief, usd: float) -> budget.Denied | None:
        own = brief.budget.per_brief_usd
        return await limit.book.change(
            lambda account: budget.add(account, brief.brief_id, usd, own, limit.usd, now=self._now(), by=self._by)
        )

    async def _take_off(self, book: AccountBook, brief: Brief, usd: float) -> None:
        def decide(account: budget.Account) -> Posting | None:
            left = account.claim_of(brief.brief_id).usd - usd
            return budget.lower(account, brief.brief_id, max(left, 0.0), now=self._now(), by=self._by)

        await book.change(decide)

    async def _lower(self, book: AccountBook, brief: Brief, usd: float) -> None:
        await book.change(lambda account: budget.lower(account, brief.brief_id, usd, now=self._now(), by=self._by))

    def _limits(self, brief: Brief) -> Iterator[_Limit]:
        """The accounts of `brief`: that of its day, then that of its campaign where it has a limit."""
        yield self._day(brief)
        if brief.budget.total_usd is not None:
            waiting = "or wait for what open briefs give back"
            book = self.book(brief.campaign_id, TOTAL)
            yield _Limit(book, brief.budget.total_usd, "campaign", "total_usd", waiting)

    def _day(self, brief: Brief) -> _Limit:
        waiting = f"wait for what open briefs of {day_of(brief)} give back, or for the next day (UTC)"
        book = self.book(brief.campaign_id, day_of(brief))
        return _Limit(book, brief.budget.per_day_usd, "day", "per_day_usd", waiting)
