"""What each campaign published, as signatures: the finisher writes them, the scorer reads them to measure novelty.

One small object an asset, the newest first in the listing; it never changes, so that a reader fetches each only once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from infra.storage.store import ObjectStore
from schemas.assets import Asset
from schemas.scorecards import Signature

LOOKED_AT: Final = 200
"""The newest assets of a campaign that a draft is compared with: some months of a busy one."""
FRESH_SECONDS: Final = 10.0
"""Seconds for which a listing is used again: drafts of a brief come within a few."""
_LAST_MILLISECOND: Final = 10**14
"""Counting down from the year 5138 makes the newest come first."""


def published_key(asset: Asset) -> str:
    """The key of the signature of `asset`."""
    return f"{_prefix(asset.campaign_id)}{_countdown(asset.published_at):015d}-{asset.asset_id}.json"


async def remember(store: ObjectStore, asset: Asset, signature: Signature) -> None:
    """Record that `asset` was published. A repeat changes nothing."""
    await store.create(published_key(asset), signature.model_dump_json().encode())


class PublishedBefore:
    """The signatures of what campaigns published. `now` counts seconds, from anywhere."""

    def __init__(self, store: ObjectStore, now: Callable[[], float]) -> None:
        self._store = store
        self._now = now
        self._known: dict[str, dict[str, Signature]] = {}
        self._looked: dict[str, float] = {}

    async def of(self, campaign_id: str) -> tuple[Signature, ...]:
        """The newest signatures of a campaign, at most 200, as of ten seconds ago at the earliest."""
        if self._now() - self._looked.get(campaign_id, float("-inf")) >= FRESH_SECONDS:
            self._known[campaign_id] = await self._read(campaign_id, self._known.get(campaign_id, {}))
            self._looked[campaign_id] = self._now()
        return tuple(self._known[campaign_id].values())

    async def _read(self, campaign_id: str, known: dict[str, Signature]) -> dict[str, Signature]:
        read: dict[str, Signature] = {}
        async for key in self._store.keys(_prefix(campaign_id)):
            if len(read) == LOOKED_AT:
                break
            data = None if key in known else await self._store.get(key)
            if data is not None:
                read[key] = Signature.model_validate_json(data)
            elif key in known:
                read[key] = known[key]
        return read


def _prefix(campaign_id: str) -> str:
    return f"published/{campaign_id}/"


def _countdown(moment: datetime) -> int:
    return _LAST_MILLISECOND - round(moment.timestamp() * 1000)
