"""The reports of processes on the models that they call, as objects: one a process, below ``paces/``.

Objects and not a topic: a process that starts reads at once what all others know, what a killed one has learned
outlives it, and nothing is written while no model is called.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

from pydantic import ValidationError

from infra.storage.store import ObjectStore
from schemas.paces import PaceReport

FOLDER: Final = "paces/"


class PaceBoard:
    """Where processes tell and read. Every method raises `schemas.errors.StoreError`."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def tell(self, report: PaceReport) -> None:
        """Put `report` in the place of the member's last one."""
        await self._store.put(_key(report.member), report.model_dump_json().encode())

    async def others(self, member: str) -> list[PaceReport]:
        """The latest report of every process but `member`. What cannot be read (an older version's) is left out."""
        own = _key(member)
        keys = [key async for key in self._store.keys(FOLDER) if key != own]
        found = await asyncio.gather(*(self._store.get(key) for key in keys))
        reports: list[PaceReport] = []
        for data in found:
            with suppress(ValidationError):
                reports += [PaceReport.model_validate_json(data)] if data is not None else []
        return reports

    async def forget(self, member: str) -> None:
        """Remove the report of a process that has gone long ago."""
        await self._store.delete(_key(member))


def _key(member: str) -> str:
    return f"{FOLDER}{member}.json"
