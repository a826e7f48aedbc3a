"""Real-ESRGAN as an image model provider: it enlarges the image that a request refers to, and does nothing else."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final

from imaging.composer.codec import FINAL_QUALITY, decode_image, encode
from imaging.composer.studio import Studio
from imaging.pixels import RgbImage
from infra.providers.base import BlobReader, Generation, Ticket
from infra.providers.real_esrgan.limits import check_reference, factor_of
from infra.providers.real_esrgan.models import MODELS, NETWORK, PROVIDER, cards, network_version
from infra.providers.real_esrgan.upscaler import Upscaler, resized
from infra.settings.machine import cores
from schemas.errors import BadOutput, InvalidRequest
from schemas.generations import GenerationRequest, ModelCard
from schemas.images import Size

MOST_AT_ONCE: Final = 2
"""Images enlarged at once: each takes some 200 MB."""


@dataclass(frozen=True, slots=True)
class Enlarged:
    """A finished image: JPEG bytes, and the CPU seconds that it took."""

    data: bytes
    cpu_seconds: float


class RealEsrganProvider:
    """Enlarges images, each on `threads` cores. `usd_per_cpu_hour` prices what an image took.

    Raises InvalidRequest where the extra is not installed.
    """

    name = PROVIDER

    def __init__(self, blobs: BlobReader, usd_per_cpu_hour: float = 0.04, threads: int = 1) -> None:
        self._studio = Studio(blobs)
        self._usd_per_second = usd_per_cpu_hour / 3600
        self._cards = cards(usd_per_cpu_hour)
        self._version = network_version()
        self._threads = threads
        self._upscalers = {factor: Upscaler(factor, threads) for factor in MODELS.values()}
        at_once = min(max(1, cores() // threads), MOST_AT_ONCE)
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix=PROVIDER)

    def models(self) -> tuple[ModelCard, ...]:
        """The models for twice and four times the size."""
        return self._cards

    async def submit(self, request: GenerationRequest) -> Ticket:
        """Enlarge the first reference; the ticket is finished. Raises InvalidRequest, Unavailable or BadOutput."""
        upscaler = self._upscalers[factor_of(request)]
        reference = request.references[0]
        check_reference(reference.size, request.size, upscaler.factor)
        source = await self._studio.read(reference.key, "the reference")
        work = partial(self._enlarge, upscaler, source, reference.size, request.size)
        enlarged = await asyncio.get_running_loop().run_in_executor(self._pool, work)
        generation = Generation(
            data=enlarged.data,
            media_type="image/jpeg",
            size=request.size,
            model_version=self._version,
            price_usd=enlarged.cpu_seconds * self._usd_per_second,
            parameters={"network": NETWORK, "factor": upscaler.factor},
        )
        return Ticket(request.model, f"{PROVIDER}-{request.job_id}", generation)

    async def collect(self, ticket: Ticket) -> Generation:
        """The image of `ticket`."""
        if ticket.finished is None:
            raise BadOutput(f"{ticket.request_id}: Real-ESRGAN keeps no images; submit the request again")
        return ticket.finished

    async def close(self) -> None:
        """Stop the threads, after the images that are in flight."""
        await asyncio.to_thread(self._pool.shutdown)

    def _enlarge(self, upscaler: Upscaler, source: bytes, stated: Size, wanted: Size) -> Enlarged:
        began = time.thread_time()
        pixels = RgbImage(decode_image(source, "the reference"))
        if pixels.shape[:2] != (stated.height, stated.width):
            found = f"{pixels.shape[1]}x{pixels.shape[0]}"
            raise InvalidRequest(
                f"the reference has {found} pixels, not {stated.width}x{stated.height} as the request says"
            )
        image = resized(upscaler.enlarge(pixels), wanted)
        data = encode(image, FINAL_QUALITY)
        # ncnn's other threads work or spin as long as this one does
        return Enlarged(data, (time.thread_time() - began) * self._threads)
