"""Simulated versions of a draft model: the composer's drafts as they are, and with a planted shift."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np

from imaging.decode import decode
from imaging.measures.text.boxes import TEXT_ROLES, cut
from imaging.pixels import BgrImage
from infra import clock
from infra.providers.base import Generation, Ticket
from infra.providers.composer import ComposerProvider
from infra.providers.registry import Registry
from infra.storage.ledger import Ledger
from infra.storage.store import ObjectStore
from schemas.calibration import ModelVersion
from schemas.generations import GenerationRequest, ModelCard
from schemas.images import Region
from workers.calibrating.runner import GoldenRunner
from workers.generation.generator import Generator
from workers.generation.pacing.pacer import Pacer

MODEL: Final = "simulated-draft"
COMPOSER: Final = "composer-draft"
Change = Callable[[BgrImage, tuple[Region, ...]], BgrImage]


@dataclass(frozen=True)
class Shift:
    """What a version does to every image.

    `light` multiplies all levels, `hue` turns all hues (degrees), `text` is what is left of the contrast of letters.
    """

    light: float
    hue: float
    text: float

    def __call__(self, bgr: BgrImage, regions: tuple[Region, ...]) -> BgrImage:
        """`bgr` darker, off its hues, its text weaker."""
        out = bgr.copy()
        for region in regions:
            if region.role in TEXT_ROLES:
                box = cut(out, region.box)
                ground = np.median(box.reshape(-1, 3), axis=0)
                box[...] = np.clip(ground + (box - ground) * self.text, 0, 255).astype(np.uint8)
        hsv = cv2.cvtColor(out, cv2.COLOR_BGR2HSV).astype(np.float64)
        hsv[..., 0] = (hsv[..., 0] + self.hue / 2) % 180
        hsv[..., 2] *= self.light
        return cv2.cvtColor(np.rint(hsv).astype(np.uint8), cv2.COLOR_HSV2BGR).astype(np.uint8, copy=False)


class Composed:
    """The composer's drafts, each drawn once for all versions."""

    def __init__(self, composer: ComposerProvider) -> None:
        self._composer = composer
        self._drawn: dict[int | None, Generation] = {}

    async def draw(self, request: GenerationRequest) -> Generation:
        """The composer's draft of `request`; seeds differ between all jobs of a bench."""
        if request.seed not in self._drawn:
            asked = request.model_copy(update={"model": COMPOSER})
            self._drawn[request.seed] = await self._composer.collect(await self._composer.submit(asked))
        return self._drawn[request.seed]


class SimulatedVersion:
    """A provider of one model in one version."""

    name = "simulated"

    def __init__(self, composed: Composed, card: ModelCard, version: str, change: Change | None) -> None:
        self._composed = composed
        self._version = version
        self._change = change
        self._card = card.model_copy(update={"name": MODEL, "version": version, "provider": self.name})

    def models(self) -> tuple[ModelCard, ...]:
        """The one model."""
        return (self._card,)

    async def submit(self, request: GenerationRequest) -> Ticket:
        """Draw at once."""
        made = await self._composed.draw(request)
        if self._change is not None:
            changed = self._change(decode(made.data), made.regions)
            made = replace(made, data=_jpeg(changed))
        text = request.prompt.rendered.text if request.prompt.rendered is not None else ""
        made = replace(made, model_version=self._version, prompt_text=text, price_usd=0.0)
        return Ticket(request.model, f"simulated-{request.job_id}", made)

    async def collect(self, ticket: Ticket) -> Generation:
        """The image of `ticket`."""
        assert ticket.finished is not None
        return ticket.finished

    async def close(self) -> None:
        """Nothing is open."""


def runners(
    store: ObjectStore, composer: ComposerProvider, changes: Mapping[str, Change | None]
) -> dict[str, tuple[ModelVersion, GoldenRunner]]:
    """For each version by name: what it is called and who runs golden sets on it."""
    composed = Composed(composer)
    card = next(card for card in composer.models() if card.name == COMPOSER)
    made = {}
    for version, change in changes.items():
        registry = Registry([SimulatedVersion(composed, card, version, change)])
        generator = Generator(registry, store, Ledger(store, clock.now), clock.now, slots=2, pacer=Pacer())
        made[version] = (ModelVersion(model=MODEL, version=version), GoldenRunner(generator, store, slots=2))
    return made


def _jpeg(bgr: BgrImage) -> bytes:
    options = [cv2.IMWRITE_JPEG_QUALITY, 88, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
    return bytes(cv2.imencode(".jpg", bgr, options)[1].tobytes())
