from __future__ import annotations

from datetime import timedelta

import pytest

from infra.storage import calibrations
from infra.storage.calibrations import CalibrationBook
from infra.storage.memory_store import MemoryStore
from schemas.calibration import Calibration, CalibrationReport, Canary, ModelVersion
from schemas.errors import InvalidRequest
from schemas.generations import ModelCard
from schemas.golden import GoldenRun
from tests.support.factories import NOW

ONE = ModelVersion(model="fast-model", version="maker/model:1")
TWO = ModelVersion(model="fast-model", version="maker/model:2")


def report(subject: ModelVersion = ONE, verdict: str = "recalibrated", **changes) -> CalibrationReport:
    calibration = Calibration(model=subject.model, version=subject.version, **changes)
    return CalibrationReport(
        calibration=calibration, against="0", golden="gld-1", pictures=96, verdict=verdict, bar=0.7,
        accepted_before=0.9, accepted_after=0.5, accepted_calibrated=0.9, comparisons=(), words=("so",), made_at=NOW,
    )  # fmt: skip


def run(version: ModelVersion, later: int = 0, golden: str = "gld-1") -> GoldenRun:
    made_at = NOW + timedelta(days=later)
    return GoldenRun(model=version.model, version=version.version, golden=golden, cards=(), made_at=made_at)


async def test_calibrations_are_numbered_and_never_overwritten():
    store = MemoryStore()
    numbers = [(await calibrations.keep(store, report(strength=s))).calibration.number for s in (1.0, 0.5, 0.75)]
    assert numbers == [1, 2, 3]
    assert [r.calibration.strength for r in await calibrations.history(store, "fast-model")] == [1.0, 0.5, 0.75]


async def test_two_at_once_get_two_numbers():
    class Late(MemoryStore):
        """Another process takes the number between the look and the write."""

        beaten = False

        async def create(self, key, data, media_type="application/json"):
            if not self.beaten:
                self.beaten = True
                await super().create(key, report(strength=0.1).model_dump_json().encode())
            return await super().create(key, data, media_type)

    store = Late()
    assert (await calibrations.keep(store, report(strength=0.5))).calibration.number == 2
    assert [r.calibration.strength for r in await calibrations.history(store, "fast-model")] == [0.1, 0.5]


async def test_the_newest_of_a_version_is_in_force_unless_it_is_beyond_repair():
    store = MemoryStore()
    assert await calibrations.in_force(store, ONE) is None
    await calibrations.keep(store, report(ONE, strength=0.5))
    await calibrations.keep(store, report(TWO, strength=0.75))
    found = [await calibrations.in_force(store, subject) for subject in (ONE, TWO)]
    assert [c.strength for c in found if c] == [0.5, 0.75]
    await calibrations.keep(store, report(ONE, "beyond-repair"))
    assert await calibrations.in_force(store, ONE) is None


async def test_runs_are_found_by_version_golden_set_and_kind():
    store = MemoryStore()
    for made in (run(ONE), run(TWO, 1), run(TWO, 3, "gld-2"), run(ModelVersion(model="fast-model", version="0"), 2)):
        await calibrations.keep_run(store, made, "drafts")
    assert await calibrations.run_of(store, ONE, "gld-1", "drafts") == run(ONE)
    assert await calibrations.run_of(store, ONE, "gld-1", "refinements") is None
    newest = await calibrations.latest_other_run(store, ONE, "gld-1", "drafts")
    assert newest is not None
    assert newest.version == "0"
    assert await calibrations.latest_other_run(store, TWO, "gld-2", "drafts") is None


def listed(*subjects: ModelVersion):
    """A registry's `card` for these models."""
    cards = {
        subject.model: ModelCard(
            name=subject.model, version=subject.version, provider="test", tier="fast", operations=("text-to-image",),
            seed="none", price_usd=0.0, seconds=1.0, source="test", as_of="2026-11",
        )
        for subject in subjects
    }  # fmt: skip

    def card_of(model: str) -> ModelCard:
        if model not in cards:
            raise InvalidRequest(f"there is no model {model}")
        return cards[model]

    return card_of


async def test_the_book_has_what_is_in_force_and_looks_again(monkeypatch: pytest.MonkeyPatch):
    store, now = MemoryStore(), [0.0]
    monkeypatch.setattr("infra.storage.calibrations.time.monotonic", lambda: now[0])
    book = CalibrationBook(store)
    names = [ONE.model, ONE.model]
    assert await book.of(names, listed(ONE)) == ()
    kept = await calibrations.keep(store, report())
    assert await book.of(names, listed(ONE)) == ()
    now[0] += calibrations.REFRESH_SECONDS
    assert await book.of(names, listed(ONE)) == (kept.calibration,)
    assert await book.of(names, listed(TWO)) == ()


async def test_a_canary_comes_with_its_calibration_while_it_is_listed():
    store = MemoryStore()
    successor = ModelVersion(model="fast-model-2", version="2")
    await calibrations.keep(store, report(canary=Canary(model=successor.model, share=0.1)))
    await calibrations.keep(store, report(successor, strength=0.5))
    found = await CalibrationBook(store).of([ONE.model], listed(ONE, successor))
    assert {c.model: (c.strength, c.canary is not None) for c in found} == {
        "fast-model": (1.0, True),
        "fast-model-2": (0.5, False),
    }
    (alone,) = await CalibrationBook(store).of([ONE.model], listed(ONE))
    assert alone.canary is None


@pytest.mark.parametrize("data", [b"", b"{", b"{}", b"\xff"])
async def test_one_that_cannot_be_read_stops_no_brief(data):
    store = MemoryStore()
    await calibrations.keep(store, report(ONE, strength=0.5))
    await store.put("calibrations/fast-model/000002.json", data)
    kept = await calibrations.in_force(store, ONE)
    assert kept is not None
    assert kept.strength == 0.5
    assert (await calibrations.keep(store, report(ONE, strength=0.75))).calibration.number == 3
