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
    """The scorecards of all drafts, by model and the version that the ledger says drew them."""
    ledger = Ledger(store, clock.now)
    found: defaultdict[ModelVersion, list[Scorecard]] = defaultdict(list)
    async for key in store.keys(SCORECARDS):
        card = await records.read(store, key, Scorecard)
        if card is None or card.subject != "draft":
            continue
        record = await ledger.done(card.job_id)
        if record is not None:
            found[ModelVersion(model=card.model, version=record.model_version)].append(card)
    return {subject: tuple(cards) for subject, cards in sorted(found.items(), key=lambda item: str(item[0]))}
