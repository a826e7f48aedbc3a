"""The postings of an account in the object store, one an object, on conditional creates.

    budgets/postings/<campaign>/<account>/<number>    a posting; the first to create it has decided
    budgets/balances/<account>/<campaign>.json        the account after some of them, rewritten now and then

An account is a day (``2026-11-22``, in UTC) or ``total``. The balance only saves reading: an older one that is written
over a newer one costs some reads and nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from infra.decoding import decode_as
from infra.storage.store import ObjectStore
from schemas.money import Balance, Posting

PAGE: Final = 16
"""Postings that a late reader reads at once."""
BALANCES: Final = "budgets/balances"


class SpendingLog:
    """The postings of the account `account` of a campaign."""

    def __init__(self, store: ObjectStore, campaign_id: str, account: str) -> None:
        self._store = store
        self._folder = f"budgets/postings/{campaign_id}/{account}"
        self._balance = f"{BALANCES}/{account}/{campaign_id}.json"

    async def balance(self) -> Balance:
        """The balance that was kept last."""
        data = await self._store.get(self._balance)
        return decode_as(Balance, self._balance, data) if data is not None else Balance()

    async def keep(self, balance: Balance) -> None:
        """Keep `balance`, so that later readers begin with it."""
        await self._store.put(self._balance, balance.model_dump_json().encode())

    async def open(self) -> None:
        """Make the account known before its first posting: `accounts` lists it from here on."""
        await self._store.create(self._balance, Balance().model_dump_json().encode())

    async def append(self, posting: Posting) -> bool:
        """Write `posting` at its place. False: there is another."""
        return await self._store.create(self._key(posting.number), posting.model_dump_json().encode())

    async def read(self, number: int) -> Posting | None:
        """The posting of that number, or None where there is none yet."""
        key = self._key(number)
        data = await self._store.get(key)
        return decode_as(Posting, key, data) if data is not None else None

    async def since(self, number: int) -> AsyncIterator[Posting]:
        """The postings from `number` on, in their order: one, then two at once, then four, up to `PAGE`."""
        step = 1
        while True:
            for posting in await asyncio.gather(*(self.read(number + place) for place in range(step))):
                if posting is None:
                    return
                yield posting
            number, step = number + step, min(2 * step, PAGE)

    def _key(self, number: int) -> str:
        return f"{self._folder}/{number:08d}"


async def accounts(store: ObjectStore, account: str) -> tuple[str, ...]:
    """The campaigns that have an account of that name."""
    prefix = f"{BALANCES}/{account}/"
    return tuple([key.removeprefix(prefix).removesuffix(".json") async for key in store.keys(prefix)])
