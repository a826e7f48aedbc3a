"""The reports of processes on the models that they call: one object for each process, below ``paces/``.

They are objects and not a topic, so that a new process reads at once what all others know, the knowledge of a killed
process remains, and nothing is written while no model is called.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

from pydantic import ValidationError

from infra.storage.store import ObjectStore
from schemas.paces import PaceReport

FOLDER: Final = "paces/"


class PaceReports:
    """The reports in `store`. Every method may raise `StoreError`."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def put(self, report: PaceReport) -> None:
        """Store `report` in place of the member's last one."""
        await self._store.put(_key(report.member), report.model_dump_json().encode())

    async def others(self, member: str) -> list[PaceReport]:
        """The latest report of every process but `member`. What cannot be read (an older version's) is skipped."""
        own = _key(member)
        keys = [key async for key in self._store.keys(FOLDER) if key != own]
        found = await asyncio.gather(*(self._store.get(key) for key in keys))
        reports: list[PaceReport] = []
        for data in found:
            with suppress(ValidationError):
                reports += [PaceReport.model_validate_json(data)] if data is not None else []
        return reports

    async def forget(self, member: str) -> None:
        """Remove the report of a process that ended long ago."""
        await self._store.delete(_key(member))


def _key(member: str) -> str:
    return f"{FOLDER}{member}.json"
