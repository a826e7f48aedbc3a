"""Versions of models: the catalogue's entry of one, and the scorecards of live drafts by the version that made them."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from infra import clock
from infra.providers.registry import Registry
from infra.storage import records
from infra.storage.calibrations import is_of
from infra.storage.ledger import Ledger
from infra.storage.store import ObjectStore
from schemas.calibration import ModelVersion
from schemas.errors import InvalidRequest
from schemas.generations import ModelCard
from schemas.scorecards import Scorecard

SCORECARDS: Final = "scorecards/"


def entry_of(registry: Registry, subject: ModelVersion) -> ModelCard | None:
    """The catalogue's entry for `subject`: the model of that name, or another entry of it in that version.

    A second version is listed under a name that begins with the first one's (``my-model``, ``my-model-2``).
    """
    named = [card for card in registry.cards() if is_of(card.name, subject.model)]
    return next((card for card in named if card.version == subject.version), None)


def required_entry(registry: Registry, subject: ModelVersion) -> ModelCard:
    """As `entry_of`. Raises `InvalidRequest`, with the listed versions, where the catalogue has none."""
    found = entry_of(registry, subject)
    if found is not None:
        return found
    own = registry.card(subject.model)
    known = [f"{card.name}@{card.version}" for card in registry.cards() if is_of(card.name, own.name)]
    raise InvalidRequest(f"no model is listed as {subject}; there is {', '.join(known)}")


async def cards_by_version(store: ObjectStore) -> dict[ModelVersion, tuple[Scorecard, ...]]:
    """The scorecards of all drafts in `store`, by the model and version that the ledger names.

    The ledger is read once for each brief and model, because the drafts of a brief are drawn within minutes.
    """
    ledger = Ledger(store, clock.now)
    versions: dict[tuple[str, str], str | None] = {}
    found: defaultdict[ModelVersion, list[Scorecard]] = defaultdict(list)
    async for key in store.keys(SCORECARDS):
        card = await records.read(store, key, Scorecard)
        if card is None or card.subject != "draft":
            continue
        drawn = (card.brief_id, card.model)
        if drawn not in versions:
            record = await ledger.done(card.job_id)
            versions[drawn] = record.model_version if record is not None else None
        version = versions[drawn]
        if version is not None:
            found[ModelVersion(model=card.model, version=version)].append(card)
    return {subject: tuple(cards) for subject, cards in sorted(found.items(), key=lambda item: str(item[0]))}
