"""A model for benches: after a set time it answers with one fixed image, made unique by a comment."""

from __future__ import annotations

import asyncio
import io
import time
from typing import Final

from PIL import Image

from infra.providers.base import Generation, Ticket
from schemas.generations import GenerationRequest, ModelCard
from schemas.images import Region, Size

MODEL: Final = "bench-model"
_COMMENT: Final = b"\xff\xfe"
"""The JPEG marker COM (ITU-T T.81, B.2.4.5)."""


class BenchProvider:
    """Answers each request after `seconds` with `image` (JPEG), whose text is at `regions`; `slots` at once.

    `calls` holds the start and the end of each call, in seconds of the epoch.
    """

    name = "bench"

    def __init__(self, image: bytes, regions: tuple[Region, ...], seconds: float, slots: int) -> None:
        with Image.open(io.BytesIO(image)) as opened:
            self._size = Size(width=opened.width, height=opened.height)
        self._image = image
        self._regions = regions
        self._seconds = seconds
        self._slots = asyncio.Semaphore(slots)
        self.calls: list[tuple[float, float]] = []

    def models(self) -> tuple[ModelCard, ...]:
        """The one model."""
        card = ModelCard(
            name=MODEL,
            version="1",
            provider=self.name,
            tier="fast",
            operations=("text-to-image",),
            seed="none",
            price_usd=0.0,
            seconds=self._seconds,
            source="set by the bench",
            as_of="2026-11",
        )
        return (card,)

    async def submit(self, request: GenerationRequest) -> Ticket:
        """The image, after the set time."""
        async with self._slots:
            began = time.time()
            if self._seconds:
                await asyncio.sleep(self._seconds)
            self.calls.append((began, time.time()))
        generation = Generation(
            data=commented(self._image, request.job_id.encode()),
            media_type="image/jpeg",
            size=self._size,
            model_version="1",
            price_usd=0.0,
            seed_sent=request.seed,
            prompt_text=request.prompt.subject,
            regions=self._regions,
        )
        return Ticket(MODEL, f"bench-{request.job_id}", generation)

    async def collect(self, ticket: Ticket) -> Generation:
        """The image of a ticket; every ticket is finished."""
        assert ticket.finished is not None
        return ticket.finished

    async def close(self) -> None:
        """There is nothing to release."""


def commented(jpeg: bytes, comment: bytes) -> bytes:
    """`jpeg` with `comment` after its start marker: another object, the same pixels."""
    return jpeg[:2] + _COMMENT + (len(comment) + 2).to_bytes(2, "big") + comment + jpeg[2:]
