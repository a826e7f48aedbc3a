"""What live models drew, from the object store: the scorecards of drafts by the version that drew them."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from infra import clock
from infra.storage import records
from infra.storage.ledger import Ledger
from infra.storage.store import ObjectStore
from schemas.calibration import ModelVersion
from schemas.scorecards import Scorecard

SCORECARDS: Final = "scorecards/"


async def cards_by_version(store: ObjectStore) -> dict[ModelVersion, tuple[Scorecard, ...]]:
    """The scorecards of all drafts, by model and the version that the ledger says drew them.

    The ledger is asked once a brief and model: drafts of a brief are drawn within minutes of each other.
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
