"""Calibrations and golden runs in the object store: numbered, never changed, the newest of a version in force.

    calibrations/<model>/<number>.json                  a report, with the calibration in it
    golden-runs/<model>/<version>/<golden>/<kind>.json  a version's scorecards, to compare later versions with

A version's name may hold anything, so its digest is in the key.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Final, Literal

import structlog

from infra.storage import records
from infra.storage.store import ObjectStore
from schemas.calibration import Calibration, CalibrationReport, ModelVersion
from schemas.errors import InvalidRequest, MalformedMessage
from schemas.generations import ModelCard
from schemas.golden import GoldenRun
from schemas.identifiers import digest

PREFIX: Final = "calibrations/"
RUNS: Final = "golden-runs/"
REFRESH_SECONDS: Final = 5.0
"""How long a new calibration may go unnoticed: as long as a changed campaign."""
Kind = Literal["drafts", "refinements"]

log = structlog.get_logger()


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
    """All reports on `model`, the oldest first.

    What cannot be read (a later release's, or half a copy) is left out and warned of: briefs go on without it.
    """
    found = []
    async for key in store.keys(f"{PREFIX}{model}/"):
        try:
            report = await records.read(store, key, CalibrationReport)
        except MalformedMessage as error:
            log.warning("a calibration is left out", reason=str(error))
            continue
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
    """The newest kept run on the same golden set of another version, listed under the same name or one that adds to it.

    A second version of a model is listed under a name that begins with the first one's (see `is_of`).
    """
    found = []
    async for key in store.keys(f"{RUNS}{subject.model}"):
        if not key.endswith(f"/{golden}/{kind}.json"):
            continue
        run = await records.read(store, key, GoldenRun)
        if run is not None and is_of(run.model, subject.model) and run.version != subject.version:
            found.append(run)
    return max(found, key=lambda run: run.made_at, default=None)


def is_of(name: str, model: str) -> bool:
    """Whether the catalogue's `name` is `model`, or another version of it (``my-model``, ``my-model-2``)."""
    return name == model or name.startswith((f"{model}-", f"{model}."))


class CalibrationBook:
    """The calibrations in force as a worker sees them: read at first use, and again after `REFRESH_SECONDS`."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._known: dict[str, tuple[float, Calibration | None]] = {}

    async def of(self, models: Iterable[str], card_of: Callable[[str], ModelCard]) -> tuple[Calibration, ...]:
        """The calibrations of `models` and of their canaries, each in the version that is listed now.

        `card_of` is the registry's: it raises `InvalidRequest` for a model that is not listed. A canary that is no
        longer listed draws nothing.
        """
        found: dict[str, Calibration] = {}
        for model in models:
            calibration = await self._one(card_of(model))
            if calibration is None:
                continue
            if calibration.canary is not None:
                try:
                    successor = await self._one(card_of(calibration.canary.model))
                except InvalidRequest:
                    successor, calibration = None, calibration.model_copy(update={"canary": None})
                if successor is not None:
                    found[successor.model] = successor
            found[model] = calibration
        return tuple(found.values())

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
