"""A flagship that draws more freely than its last version did, and how far it has to be held back."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from infra import clock
from infra.providers.base import Generation, Ticket
from infra.providers.registry import Registry
from infra.storage import records
from infra.storage.ledger import Ledger
from infra.storage.memory_store import MemoryStore
from infra.storage.store import save_blob
from schemas.calibration import ModelVersion
from schemas.campaigns import Format
from schemas.generations import GenerationRequest, ModelCard
from schemas.images import ImageRef, Size
from tests.support.factories import NOW, make_brief, make_draft, make_manifest, make_refinement, make_signal
from workers.calibrating.calibrator import CalibrationOptions, Calibrator
from workers.calibrating.golden import golden_from_store
from workers.calibrating.runner import GoldenRunner
from workers.generation.generator import Generator
from workers.generation.pacing.pacer import Pacer

FORMS = tuple(Format(name=f"form-{n}", size=Size(width=256, height=256)) for n in range(5))
FREEDOM = {"flagship": 20.0, "flagship-2": 45.0}
"""Levels by which an image gets lighter or darker in its parts at full strength."""


class Flagships:
    """Two versions that paint waves of light over what they are given, the second one stronger."""

    name = "test"

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self.strengths: list[float | None] = []

    def models(self) -> tuple[ModelCard, ...]:
        return tuple(
            ModelCard(
                name=name, version=str(n), provider="test", tier="flagship", operations=("image-to-image",),
                seed="deterministic", max_references=1, price_usd=0.05, seconds=1.0, source="test", as_of="2026-11",
            )
            for n, name in enumerate(FREEDOM, start=1)
        )  # fmt: skip

    async def submit(self, request: GenerationRequest) -> Ticket:
        self.strengths.append(request.strength)
        data = await self._store.get(request.references[0].key)
        given = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR).astype(float)
        rng = np.random.default_rng(request.seed)
        waves = np.sin(np.linspace(0, 4 * np.pi, 256)[:, None] + rng.uniform(0, 6.28)) * np.ones((256, 256))
        levels = FREEDOM[request.model] * (request.strength or 0.0) * rng.uniform(0.9, 1.1)
        painted = np.clip(given + (waves * levels)[..., None], 0, 255).astype(np.uint8)
        made = Generation(
            data=png(painted), media_type="image/png", size=request.size, model_version="fresh-7", price_usd=0.05
        )
        return Ticket(request.model, f"test-{request.job_id}", made)

    async def collect(self, ticket: Ticket) -> Generation:
        return ticket.finished

    async def close(self) -> None:
        pass


def png(pixels) -> bytes:
    return bytes(cv2.imencode(".png", pixels)[1].tobytes())


async def image(store: MemoryStore, seed: int) -> ImageRef:
    small = np.random.default_rng(seed).uniform(60, 190, (6, 6, 3)).astype(np.float32)
    data = png(cv2.resize(small, (256, 256), interpolation=cv2.INTER_CUBIC).clip(0, 255).astype(np.uint8))
    key = await save_blob(store, data, "image/png")
    return ImageRef(key=key, media_type="image/png", size=Size(width=256, height=256), bytes=len(data))


async def deliver(store: MemoryStore, topic: str, seed: int) -> None:
    """A delivered brief in five formats, its manifest in the store."""
    brief = make_brief(make_signal(topic), formats=FORMS, draft_format=FORMS[0])
    draft = make_draft(brief, image=await image(store, seed))
    finals = tuple(make_refinement(brief, draft, form=form, strength=0.5) for form in FORMS)
    manifest = make_manifest(brief, draft, finals)
    await records.keep_manifest(store, manifest)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without reading and face detection, which look for nothing that is here."""
    monkeypatch.setattr("workers.scoring.cards.COSTLY_CHECKS", ())


async def test_a_freer_version_is_held_back_to_the_strength_that_keeps_images(quick: None):
    store = MemoryStore()
    for seed, topic in enumerate(("lapland", "first snow")):
        await deliver(store, topic, seed)
    golden = await golden_from_store(store, "northbound", drafts=2)
    assert [len(item.manifest.refinements) for item in golden.items] == [5, 5]
    provider = Flagships(store)
    registry = Registry([provider])
    generator = Generator(registry, store, Ledger(store, clock.now), clock.now, slots=2, pacer=Pacer())
    calibrating = Calibrator(registry, GoldenRunner(generator, store), store, golden)
    wish = CalibrationOptions(subject=ModelVersion(model="flagship", version="2"), against="1", limit_usd=5.0)
    report = await calibrating.calibrate(wish, NOW)
    assert report.pictures == 10
    assert report.accepted_before == 1.0
    assert report.calibration.strength in {0.75, 0.5, 0.35}
    assert set(provider.strengths) == {0.5, 0.375, 0.25, 0.175}
    assert report.accepted_calibrated >= 0.95
    assert report.verdict in {"same", "recalibrated"}
    assert report.words[-1] == "It reports its version as fresh-7."
    assert any("of their strength" in sentence for sentence in report.words)
    assert report.spent_usd == pytest.approx(50 * 0.05)


async def test_nothing_delivered_is_no_golden_set():
    assert await golden_from_store(MemoryStore()) is None
