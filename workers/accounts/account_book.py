"""One account as this process sees it: each change is written to its log, or decided again on newer postings."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from infra.storage.spending_log import SpendingLog
from routing.money.budget import Account, Denied
from schemas.money import Posting

BALANCE_EVERY: Final = 128
"""Postings between two balances: a new process reads at most so many, in a tenth of a second."""

Decide = Callable[[Account], Posting | Denied | None]
"""Decides a change of an account.

Args:
    account: the account with all postings known so far.

Returns:
    The next posting, a denial, or None where nothing has to change.
"""


class AccountBook:
    """An account and its log. `settled_kept` limits the ended briefs that the account remembers; None: no limit."""

    def __init__(self, log: SpendingLog, settled_kept: int | None = None) -> None:
        self._log = log
        self._settled_kept = settled_kept
        self._account: Account | None = None
        self._changing = asyncio.Lock()

    async def change(self, decide: Decide) -> Denied | None:
        """Write what `decide` returns, and decide again while other processes write.

        Returns:
            The denial, once there are no newer postings that could change it; else None.
        """
        async with self._changing:
            account = await self._loaded()
            while True:
                wanted = decide(account)
                if wanted is None:
                    return None
                if isinstance(wanted, Denied):
                    if not await self._catch_up(account):
                        return wanted
                elif await self._append(account, wanted):
                    return None
                else:
                    await self._catch_up(account)

    async def now(self) -> Account:
        """The account with all postings in the log."""
        async with self._changing:
            account = await self._loaded()
            await self._catch_up(account)
            return account

    async def _loaded(self) -> Account:
        if self._account is None:
            account = Account(await self._log.balance())
            await self._catch_up(account)
            self._account = account
        return self._account

    async def _append(self, account: Account, posting: Posting) -> bool:
        if posting.number == 0:
            await self._log.open()
        if not await self._log.append(posting):
            return False
        account.post(posting)
        if account.postings % BALANCE_EVERY == 0:
            if self._settled_kept is not None:
                account.forget_settled(self._settled_kept)
            await self._log.keep(account.balance())
        return True

    async def _catch_up(self, account: Account) -> bool:
        """Read what others have written. Returns whether there was anything."""
        before = account.postings
        async for posting in self._log.since(account.postings):
            account.post(posting)
        return account.postings > before
