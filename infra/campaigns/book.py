"""The campaigns in force. They are in the object store, so that all routers of a cluster use the same ones."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Final

from infra.storage.store import ObjectStore
from schemas.campaigns import Campaign
from schemas.identifiers import digest

PREFIX: Final = "campaigns/"
REFRESH_SECONDS: Final = 5.0
"""Age at which the campaigns are read again: a change takes effect within this time."""


def campaign_version(campaign: Campaign) -> str:
    """A digest of the whole campaign (once uploaded: of its images too); it changes whenever anything in it does."""
    return digest((campaign.model_dump_json(),))


async def publish(store: ObjectStore, campaigns: Iterable[Campaign]) -> None:
    """Put `campaigns` in force and remove all others."""
    kept = set()
    for campaign in campaigns:
        key = f"{PREFIX}{campaign.campaign_id}.json"
        kept.add(key)
        await store.put(key, campaign.model_dump_json().encode())
    async for key in store.keys(PREFIX):
        if key not in kept:
            await store.delete(key)


class CampaignBook:
    """The campaigns in force, as a worker sees them. They are read at first use and again after `REFRESH_SECONDS`."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._read_at = float("-inf")
        self._campaigns: tuple[tuple[Campaign, str], ...] = ()

    async def campaigns(self) -> tuple[tuple[Campaign, str], ...]:
        """Each campaign in force with its version, by id."""
        if time.monotonic() - self._read_at >= REFRESH_SECONDS:
            self._campaigns = await self._read()
            self._read_at = time.monotonic()
        return self._campaigns

    async def _read(self) -> tuple[tuple[Campaign, str], ...]:
        found = []
        async for key in self._store.keys(PREFIX):
            data = await self._store.get(key)
            if data is not None:
                campaign = Campaign.model_validate_json(data)
                found.append((campaign, campaign_version(campaign)))
        return tuple(found)
