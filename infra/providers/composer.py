"""The composer as an image model provider: local, deterministic by seed, one thread for each image."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

import cv2

from imaging.composer.asking import axes_for
from imaging.composer.compose import Material
from imaging.composer.edits.jobs import edit, enlarge, finished, light, restyle
from imaging.composer.edits.redraw import in_brand_colour
from imaging.composer.edits.treatment import treatment_in
from imaging.composer.jobs import Drawn, draw_draft, draw_final
from imaging.composer.memory import keep_memory
from imaging.composer.paint.artwork import Sprite, Studio
from imaging.composer.requests import check
from infra.providers.base import BlobReader, Generation, Ticket
from infra.providers.composer_models import DRAFT, REFINE, VERSION, cards
from schemas.errors import BadOutput, InvalidRequest
from schemas.generations import GenerationRequest, ModelCard
from schemas.identifiers import digest

_RELIT: Final = 0.85
"""The least strength of light on a scene that is drawn again for its light."""


class ComposerProvider:
    """Draws ads from the brand kit and the copy. `usd_per_cpu_hour` prices what an image took."""

    name = "composer"

    def __init__(self, blobs: BlobReader, usd_per_cpu_hour: float = 0.04, workers: int | None = None) -> None:
        self._studio = Studio(blobs)
        self._usd_per_second = usd_per_cpu_hour / 3600
        self._cards = cards(usd_per_cpu_hour)
        self._threads = ThreadPoolExecutor(workers or min(os.cpu_count() or 1, 2), thread_name_prefix="composer")
        cv2.setNumThreads(1)  # images run beside one another; threads within one only get in each other's way
        keep_memory()

    def models(self) -> tuple[ModelCard, ...]:
        """The draft and the refine model."""
        return self._cards

    async def submit(self, request: GenerationRequest) -> Ticket:
        """Draw the image; the ticket is finished. Raises InvalidRequest or Unavailable."""
        self._check(request)
        drawn = await self._drawn(request)
        generation = Generation(
            data=drawn.data,
            media_type="image/jpeg",
            size=request.size,
            model_version=VERSION,
            price_usd=drawn.cpu_seconds * self._usd_per_second,
            seed_sent=request.seed,
            seed_returned=_seed(request),
            prompt_text=_told(request),
            parameters={} if drawn.axes is None else {"scene": drawn.axes.model_dump(mode="json")},
            regions=drawn.regions,
        )
        return Ticket(request.model, f"composer-{request.job_id}", generation)

    async def collect(self, ticket: Ticket) -> Generation:
        """The image of `ticket`."""
        if ticket.finished is None:
            raise BadOutput(f"{ticket.request_id}: the composer keeps no images; submit the request again")
        return ticket.finished

    async def close(self) -> None:
        """Stop the threads; an image that is being drawn is waited for."""
        await asyncio.to_thread(self._threads.shutdown)

    async def _drawn(self, request: GenerationRequest) -> Drawn:
        work = await self._work(request)
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def _work(self, request: GenerationRequest) -> Callable[[], Drawn]:
        """What is to be done in a thread: the composer's own scene drawn, or another model's image changed."""
        reference = await self._reference(request)
        if reference is not None and "scene" not in request.parameters:
            return await self._change(request, reference)
        axes, material = axes_for(request, _seed(request)), await self._material(request)
        if request.model == DRAFT:
            return partial(draw_draft, axes, material, request.size)
        if request.edit is not None and request.edit.target == "background":
            axes = in_brand_colour(axes, request.prompt.brand)
        return partial(draw_final, axes, material, request.size, reference, _strength(request))

    async def _change(self, request: GenerationRequest, reference: bytes) -> Callable[[], Drawn]:
        if request.operation == "relight":
            return partial(light, reference, request.size, request.strength)
        if request.operation == "upscale":
            return partial(enlarge, reference, request.size)
        if request.edit is None and "treatment" in request.parameters:
            name = treatment_in(request.parameters["treatment"])
            return partial(restyle, reference, request.size, name, request.prompt.brand.palette)
        if request.edit is None or (request.edit.target == "background" and request.mask is None):
            return partial(finished, reference, request.size, request.strength, _seed(request))
        mask = None if request.mask is None else await self._studio.read(request.mask.key, "the mask")
        regions, target = request.edit.regions, request.edit.target
        material = await self._material(request)
        return partial(edit, reference, mask, regions, target, material, request.size, _seed(request))

    async def _reference(self, request: GenerationRequest) -> bytes | None:
        if request.operation == "text-to-image":
            return None
        return await self._studio.read(request.references[0].key, "the reference")

    async def _material(self, request: GenerationRequest) -> Material:
        brand = request.prompt.brand
        sprites: dict[str, Sprite] = {}
        for artwork in (brand.logo, *brand.products):
            sprite = await self._studio.sprite(artwork)
            if artwork.image is not None:
                sprites[artwork.image.key] = sprite
        await self._studio.fonts(brand.fonts)
        return Material(brand, request.prompt.wording, sprites, request.safe_area)

    def _check(self, request: GenerationRequest) -> None:
        card = next((card for card in self._cards if card.name == request.model), None)
        if card is None:
            raise InvalidRequest(f"model {request.model!r} is not the composer's; it has {DRAFT} and {REFINE}")
        check(request, card)


def _strength(request: GenerationRequest) -> float | None:
    """How much light and texture a final gets: none where it is only enlarged, more where light was asked for."""
    if request.operation == "upscale":
        return 0.0
    if request.operation == "relight":
        return _RELIT if request.strength is None else max(request.strength, _RELIT)
    return request.strength


def _seed(request: GenerationRequest) -> int:
    """The request's seed, or without one a seed from the job's id, so that a repeated job gives the same image."""
    if request.seed is not None:
        return request.seed
    return int(digest(("composer", request.job_id))[:8], 16) & 0x7FFF_FFFF


def _told(request: GenerationRequest) -> str:
    """What the composer was told: the words that it sets."""
    words = request.prompt.wording
    return "\n".join(text for text in (words.headline, words.line, words.call_to_action, words.legal) if text)
