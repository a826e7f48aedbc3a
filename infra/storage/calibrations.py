"""Calibrations and golden runs in the object store: numbered, never changed, the newest of a version in force.

    calibrations/<model>/<number>.json                  a report, with the calibration in it
    golden-runs/<model>/<version>/<golden>/<kind>.json  a version's scorecards, to compare later versions with

A version's name may hold anything, so that its digest stands in the key.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Final, Literal

from infra.storage import records
from infra.storage.store import ObjectStore
from schemas.calibration import Calibration, CalibrationReport, ModelVersion
from schemas.generations import ModelCard
from schemas.golden import GoldenRun
from schemas.identifiers import digest

PREFIX: Final = "calibrations/"
RUNS: Final = "golden-runs/"
REFRESH_SECONDS: Final = 5.0
"""How long a new calibration may go unnoticed: as long as a changed campaign."""
Kind = Literal["drafts", "refinements"]


async def keep(store: ObjectStore, report: CalibrationReport) -> CalibrationReport:
    """`report` under the next free number of its model; its calibration is in force from now on."""
    number = len(await history(store, report.calibration.model))
    while True:
        number += 1
        calibration = report.calibration.model_copy(update={"number": number})
        numbered = report.model_copy(update={"calibration": calibration})
        if await store.create(_key(calibration.model, number), numbered.model_dump_json().encode()):
            return numbered


async def history(store: ObjectStore, model: str) -> tuple[CalibrationReport, ...]:
    """All reports on `model`, the oldest first."""
    found = []
    async for key in store.keys(f"{PREFIX}{model}/"):
        report = await records.read(store, key, CalibrationReport)
        if report is not None:
            found.append(report)
    return tuple(found)


async def in_force(store: ObjectStore, subject: ModelVersion) -> Calibration | None:
    """The newest calibration of a version, None where there is none or it was found beyond repair."""
    reports = [r for r in await history(store, subject.model) if r.calibration.version == subject.version]
    if not reports or reports[-1].verdict == "beyond-repair":
        return None
    return reports[-1].calibration


async def keep_run(store: ObjectStore, run: GoldenRun, kind: Kind) -> None:
    """Keep `run` for later versions to be compared with, in place of an earlier one of the same version."""
    await store.put(_run_key(run.model, run.version, run.golden, kind), run.model_dump_json().encode())


async def run_of(store: ObjectStore, subject: ModelVersion, golden: str, kind: Kind) -> GoldenRun | None:
    """The run of a version on a golden set, if it was kept."""
    return await records.read(store, _run_key(subject.model, subject.version, golden, kind), GoldenRun)


async def latest_other_run(store: ObjectStore, subject: ModelVersion, golden: str, kind: Kind) -> GoldenRun | None:
    """The newest kept run of another version of the same model on the same golden set."""
    found = []
    async for key in store.keys(f"{RUNS}{subject.model}/"):
        if not key.endswith(f"/{golden}/{kind}.json"):
            continue
        run = await records.read(store, key, GoldenRun)
        if run is not None and run.version != subject.version:
            found.append(run)
    return max(found, key=lambda run: run.made_at, default=None)


class CalibrationBook:
    """The calibrations in force as a worker sees them: read at first use, and again after `REFRESH_SECONDS`."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._known: dict[str, tuple[float, Calibration | None]] = {}

    async def of(self, cards: Iterable[ModelCard]) -> tuple[Calibration, ...]:
        """The calibrations of the models of `cards` in their present versions, those without left out."""
        found = [await self._one(card) for card in {card.name: card for card in cards}.values()]
        return tuple(calibration for calibration in found if calibration is not None)

    async def _one(self, card: ModelCard) -> Calibration | None:
        subject = ModelVersion(model=card.name, version=card.version)
        read_at, known = self._known.get(str(subject), (float("-inf"), None))
        if time.monotonic() - read_at >= REFRESH_SECONDS:
            known = await in_force(self._store, subject)
            self._known[str(subject)] = (time.monotonic(), known)
        return known


def _key(model: str, number: int) -> str:
    return f"{PREFIX}{model}/{number:06d}.json"


def _run_key(model: str, version: str, golden: str, kind: Kind) -> str:
    return f"{RUNS}{model}/{digest((version,))}/{golden}/{kind}.json"
