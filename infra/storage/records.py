"""Records that are written once and count from then on: briefs, outcomes, scorecards, manifests, campaigns.

First write wins: each is created on condition that nothing is there, and a second writer reads the first one's. So an
outcome is one outcome, however often its message is delivered.
"""

from __future__ import annotations

from typing import TypeVar

from infra.decoding import decode_as
from infra.storage.store import ObjectStore
from schemas.assets import Manifest
from schemas.base import Event
from schemas.briefs import Brief
from schemas.outcomes import BriefOutcome, SignalOutcome
from schemas.scorecards import Scorecard

E = TypeVar("E", bound=Event)


async def read(store: ObjectStore, key: str, model: type[E]) -> E | None:
    """The record at `key`, or None. Raises `MalformedMessage` where it is no `model`."""
    data = await store.get(key)
    return decode_as(model, key, data) if data is not None else None


async def write_once(store: ObjectStore, key: str, record: E) -> E:
    """Write `record` unless one is there, and return the one that counts."""
    if await store.create(key, record.model_dump_json().encode()):
        return record
    return await read(store, key, type(record)) or record


def signal_outcome_key(signal_id: str) -> str:
    """The key of a signal's outcome."""
    return f"outcomes/signals/{signal_id}.json"


def released_outcome_key(signal_id: str) -> str:
    """The key of the outcome of a held signal that a person released."""
    return f"outcomes/released/{signal_id}.json"


def brief_key(brief_id: str) -> str:
    """The key of a brief."""
    return f"briefs/{brief_id}.json"


def scorecard_key(job_id: str) -> str:
    """The key of the scorecard of a draft or a refinement."""
    return f"scorecards/{job_id}.json"


def manifest_key(asset_id: str) -> str:
    """The key of an asset's manifest."""
    return f"manifests/{asset_id}.json"


async def outcome_of_signal(store: ObjectStore, outcome: SignalOutcome) -> SignalOutcome:
    """The one outcome of a signal: `outcome`, or the one that was decided before."""
    return await write_once(store, signal_outcome_key(outcome.signal_id), outcome)


async def outcome_of_brief(store: ObjectStore, outcome: BriefOutcome) -> BriefOutcome:
    """The one outcome of a brief: `outcome`, or the one that was decided before."""
    return await write_once(store, f"outcomes/briefs/{outcome.brief_id}.json", outcome)


async def the_brief(store: ObjectStore, brief: Brief) -> Brief:
    """The brief as it was first made: a repeat must not move its deadline."""
    return await write_once(store, brief_key(brief.brief_id), brief)


async def keep_scorecard(store: ObjectStore, card: Scorecard) -> Scorecard:
    """The scorecard as it was first measured."""
    return await write_once(store, scorecard_key(card.job_id), card)


async def keep_manifest(store: ObjectStore, manifest: Manifest) -> Manifest:
    """The manifest as it was first written: an asset is published once."""
    return await write_once(store, manifest_key(manifest.asset.asset_id), manifest)
