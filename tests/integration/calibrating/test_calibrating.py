"""From a folder of golden briefs to a calibration in force: real drafts, real scorecards, a store in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from imaging.decode import decode
from infra import clock
from infra.campaigns.reading import load_campaigns, upload_artwork
from infra.providers.base import Generation, Ticket
from infra.providers.composer import ComposerProvider
from infra.providers.registry import Registry
from infra.storage import calibrations
from infra.storage.ledger import Ledger
from infra.storage.memory_store import MemoryStore
from schemas.calibration import ModelVersion
from schemas.errors import BudgetExceeded, InvalidCampaign, InvalidRequest, Refused
from schemas.generations import GenerationRequest, ModelCard
from schemas.golden import GoldenSet
from tests.support.factories import NOW
from workers.calibrating.calibrator import CalibrationOptions, Calibrator
from workers.calibrating.golden import golden_from_folder, golden_item
from workers.calibrating.runner import GoldenRunner
from workers.generation.generator import Generator
from workers.generation.pacing.pacer import Pacer

CAMPAIGNS = Path(__file__).parents[3] / "examples" / "campaigns"
GOLDEN = CAMPAIGNS.parent / "golden"
LATER = NOW + timedelta(days=30)
LISTED = ModelCard(
    name="any", version="1", provider="test", tier="fast", operations=("text-to-image",), seed="none",
    price_usd=0.01, seconds=1.0, source="test", as_of="2026-11",
)  # fmt: skip


class Versions:
    """Two listed versions of one model, drawn by the composer. The second may be darker, refuse words, or listen."""

    name = "test"

    def __init__(
        self,
        composer: ComposerProvider,
        light: float = 1.0,
        refuses: str = "",
        listens: bool = False,
        bill: float = 0.01,
    ) -> None:
        self._composer = composer
        self._light = light
        self._refuses = refuses
        self._listens = listens
        self._bill = bill
        self.prompts: list[str] = []
        self.asked = 0

    def models(self) -> tuple[ModelCard, ...]:
        base = self._composer.models()[0]
        changes = {"price_usd": 0.01, "provider": self.name}
        return (
            base.model_copy(update={**changes, "name": "fast-model", "version": "1"}),
            base.model_copy(update={**changes, "name": "fast-model-2", "version": "2"}),
        )

    async def submit(self, request: GenerationRequest) -> Ticket:
        self.asked += 1
        text = request.prompt.rendered.text
        self.prompts.append(text)
        if self._refuses and self._refuses in text:
            raise Refused("not with these words")
        drawn = await self._composer.submit(request.model_copy(update={"model": "composer-draft"}))
        made = replace(drawn.finished, price_usd=self._bill, prompt_text=text)
        told = self._listens and "strong contrast" in text
        if request.model == "fast-model-2" and self._light < 1.0 and not told:
            made = replace(made, data=darker(made, self._light))
        return Ticket(request.model, f"test-{request.job_id}", replace(made, model_version=request.model[-1]))

    async def collect(self, ticket: Ticket) -> Generation:
        return ticket.finished

    async def close(self) -> None:
        await self._composer.close()


def darker(made: Generation, light: float) -> bytes:
    pixels = np.rint(decode(made.data) * light).astype(np.uint8)
    return bytes(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes())


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
async def versions(store: MemoryStore) -> AsyncIterator[Callable[..., Versions]]:
    async def blob(key: str) -> bytes:
        data = await store.get(key)
        assert data is not None
        return data

    composer = ComposerProvider(blobs=blob)
    yield lambda **changes: Versions(composer, **changes)
    await composer.close()


async def golden(store: MemoryStore, drafts: int = 8) -> GoldenSet:
    loaded = load_campaigns(CAMPAIGNS).loaded
    campaigns = [await upload_artwork(one.campaign, one.path.parent, store) for one in loaded]
    return GoldenSet(items=tuple(golden_item(one, "late summer", LISTED, drafts=drafts) for one in campaigns))


def calibrator(store: MemoryStore, provider: Versions, golden_set: GoldenSet) -> Calibrator:
    registry = Registry([provider])
    generator = Generator(registry, store, Ledger(store, clock.now), clock.now, slots=2, pacer=Pacer())
    return Calibrator(registry, GoldenRunner(generator, store), store, golden_set)


def wish(version: str, **changes) -> CalibrationOptions:
    return CalibrationOptions(subject=ModelVersion(model="fast-model", version=version), **changes)


async def test_a_new_version_is_compared_calibrated_and_given_a_share(store, versions):
    provider = versions(light=0.75)
    calibrating = calibrator(store, provider, await golden(store, drafts=6))
    assert await calibrating.calibrate(wish("1"), NOW) is None
    report = await calibrating.calibrate(wish("2", canary=0.2), LATER)
    assert (report.verdict, report.against, report.pictures) == ("recalibrated", "1", 18)
    moved = {comparison.measurement for comparison in report.comparisons if comparison.moved}
    assert {"text.contrast", "score", "accepted"} <= moved
    assert report.calibration.equatings
    in_force = await calibrations.in_force(store, ModelVersion(model="fast-model-2", version="2"))
    assert in_force == report.calibration
    named = await calibrations.in_force(store, ModelVersion(model="fast-model", version="1"))
    assert (named.canary.model, named.canary.share) == ("fast-model-2", 0.2)


async def test_words_against_a_fault_are_tried_and_dropped_where_they_do_not_help(store, versions):
    provider = versions(light=0.55)
    calibrating = calibrator(store, provider, await golden(store, drafts=6))
    report = await calibrating.calibrate(wish("2", against="1"), NOW)
    assert any("Bright, even light" in text for text in provider.prompts)
    assert report.calibration.emphasis == ()
    assert report.spent_usd == pytest.approx(0.01 * 18 * 3)


async def test_words_that_help_stay(store, versions):
    calibrating = calibrator(store, versions(light=0.55, listens=True), await golden(store, drafts=6))
    report = await calibrating.calibrate(wish("2", against="1"), NOW)
    assert any("strong contrast" in text for text in report.calibration.emphasis)
    assert report.verdict == "same"
    assert report.accepted_after >= 0.8
    assert any(sentence.startswith("Its prompt gains: ") for sentence in report.words)


async def test_a_repeated_run_pays_for_nothing_again(store, versions):
    provider = versions()
    golden_set = await golden(store, drafts=2)
    for _ in range(2):
        report = await calibrator(store, provider, golden_set).calibrate(wish("2", against="1", dry_run=True), NOW)
        assert report.verdict == "same"
    assert provider.asked == 12
    assert [key async for key in store.keys("calibrations/")] == []


async def test_what_costs_too_much_is_not_begun(store, versions):
    provider = versions()
    calibrating = calibrator(store, provider, await golden(store))
    with pytest.raises(BudgetExceeded, match=r"cost about \$0\.48"):
        await calibrating.calibrate(wish("2", against="1", limit_usd=0.4), NOW)
    assert provider.asked == 0


async def test_images_that_cost_more_than_they_should_end_the_run_at_its_limit(store, versions):
    """Listed at a cent and billed at ten: after three of them nothing begins, and four may be under way by then."""
    small, costly = await golden(store, drafts=4), versions(bill=0.1)
    with pytest.raises(BudgetExceeded, match="more than estimated"):
        await calibrator(store, costly, small).calibrate(wish("2", limit_usd=0.3), NOW)
    assert costly.asked <= 7
    again = versions()
    report = await calibrator(store, again, small).calibrate(wish("2"), NOW)
    assert report is None
    assert again.asked + costly.asked == small.drafts


async def test_a_model_is_not_its_own_canary(store, versions):
    provider = versions()
    calibrating = calibrator(store, provider, await golden(store, drafts=1))
    with pytest.raises(InvalidRequest, match="listed as fast-model-2"):
        await calibrating.calibrate(wish("1", canary=0.1), NOW)
    assert provider.asked == 0


async def test_a_version_that_refuses_everything_is_told(store, versions):
    calibrating = calibrator(store, versions(refuses="late summer"), await golden(store, drafts=1))
    with pytest.raises(InvalidRequest, match="not with these words"):
        await calibrating.calibrate(wish("1"), NOW)


async def test_versions_that_are_not_listed_are_told(store, versions):
    calibrating = calibrator(store, versions(), await golden(store, drafts=1))
    with pytest.raises(InvalidRequest, match=r"there is fast-model@1, fast-model-2@2"):
        await calibrating.calibrate(wish("9"), NOW)
    with pytest.raises(InvalidRequest, match="never run on this golden set"):
        await calibrating.calibrate(wish("2", against="0"), NOW)


async def test_the_sample_folder_is_a_golden_set(store):
    first, second = [await golden_from_folder(GOLDEN, store, LISTED) for _ in range(2)]
    assert first.golden_id == second.golden_id
    assert len(first.items) >= 4
    assert {item.brief.campaign_id for item in first.items} >= {"farholm-getaways", "kestrun-game-day"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("campaign: missing.yaml\ntopic: snow\n", "missing.yaml"),
        ("topic: snow\n", "campaign"),
        ("campaign: {campaign}\ntopic: snow\nlanguage: fi\n", "has copy in"),
        ("campaign: {campaign}\ntopic: snow\ndrafts: many\n", "drafts"),
    ],
)
async def test_a_broken_golden_brief_is_told_with_its_file(store, tmp_path, text, said):
    (tmp_path / "brief.yaml").write_text(text.replace("{campaign}", str(CAMPAIGNS / "farholm.yaml")), "utf-8")
    with pytest.raises(InvalidCampaign, match=said):
        await golden_from_folder(tmp_path, store, LISTED)
