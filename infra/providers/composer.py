"""Adapter of the composer to the provider contract: local, deterministic by seed, one thread for each image.

This module loads OpenCV and the composer. It is imported only where images are drawn (`infra.providers.catalogue`
imports it when it opens the providers); the cards are in `infra.providers.composer_models`.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import cv2

from imaging.composer.jobs import Drawn
from imaging.composer.requests import check, seed_of
from imaging.composer.studio import Job, Studio
from infra.providers.base import BlobReader, Generation, Ticket
from infra.providers.composer_models import DRAFT, REFINE, VERSION, cards
from schemas.errors import BadOutput, InvalidRequest
from schemas.generations import GenerationRequest, ModelCard

_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
"""The parameters of glibc's `mallopt`, from its `malloc.h`."""
_KEPT: Final = 64 * 2**20
_LARGEST: Final = 32 * 2**20
"""Bytes of free memory that are kept, and of the largest piece that is taken from it: a final takes some 30 MB."""


class ComposerProvider:
    """Draws ads from the brand kit and the copy. `usd_per_cpu_hour` prices the CPU time of an image."""

    name = "composer"

    def __init__(self, blobs: BlobReader, usd_per_cpu_hour: float = 0.04, workers: int | None = None) -> None:
        self._studio = Studio(blobs)
        self._usd_per_second = usd_per_cpu_hour / 3600
        self._cards = cards(usd_per_cpu_hour)
        self._threads = ThreadPoolExecutor(workers or min(os.cpu_count() or 1, 2), thread_name_prefix="composer")
        cv2.setNumThreads(1)  # images are drawn beside one another; more threads within one image slow both down
        keep_memory()

    def models(self) -> tuple[ModelCard, ...]:
        """The draft and the refine model."""
        return self._cards

    async def submit(self, request: GenerationRequest) -> Ticket:
        """Draw the image; the ticket is finished. Raises InvalidRequest or Unavailable."""
        check(request, self._card(request.model))
        job = await self._studio.job(request, draft=request.model == DRAFT)
        drawn, cpu_seconds = await asyncio.get_running_loop().run_in_executor(self._threads, _timed, job)
        words = request.prompt.wording
        generation = Generation(
            data=drawn.data,
            media_type="image/jpeg",
            size=request.size,
            model_version=VERSION,
            price_usd=cpu_seconds * self._usd_per_second,
            seed_sent=request.seed,
            seed_returned=seed_of(request),
            prompt_text="\n".join(filter(None, (words.headline, words.line, words.call_to_action, words.legal))),
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
        """Stop the threads, after the images that are in flight."""
        await asyncio.to_thread(self._threads.shutdown)

    def _card(self, model: str) -> ModelCard:
        card = next((card for card in self._cards if card.name == model), None)
        if card is None:
            raise InvalidRequest(f"model {model!r} is not the composer's; it has {DRAFT} and {REFINE}")
        return card


def _timed(job: Job) -> tuple[Drawn, float]:
    """The image of `job`, and the CPU seconds of this thread that it took."""
    began = time.thread_time()
    return job(), time.thread_time() - began


def keep_memory() -> bool:
    """Keep freed memory for the next image; returns whether the C library has such a setting (glibc has).

    Without it, the pages of a final's 4 MB arrays are mapped, zeroed and unmapped for every image: a fifth of its time.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    return bool(mallopt(_TRIM_THRESHOLD, _KEPT)) and bool(mallopt(_MMAP_THRESHOLD, _LARGEST))
