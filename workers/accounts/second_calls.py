"""The money for a second call for the same image, set aside before it is sent."""

from __future__ import annotations

import structlog

from infra.storage import records
from infra.storage.store import ObjectStore
from schemas.briefs import Brief
from schemas.drafts import DraftJob
from schemas.errors import BrushfireError
from schemas.refinements import RefineJob
from workers.accounts.treasury import Treasury
from workers.generation import Affords

log = structlog.get_logger()


class SecondCalls:
    """Claims the price of second calls from the budgets of their briefs: a plan has each image's price once."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._treasury = Treasury(store)

    def money_for(self, job: DraftJob | RefineJob) -> Affords:
        """Asks the budgets of the brief of `job`; where they cannot be asked, there is no money."""

        async def affords(usd: float) -> bool:
            try:
                brief = await records.read(self._store, records.brief_key(job.brief_id), Brief)
                return brief is not None and await self._treasury.add(brief, usd)
            except BrushfireError as error:
                log.warning("no second call: the budget cannot be asked", job=job.job_id, error=str(error))
                return False

        return affords
