"""A request made ready for an API: checked, its prompt rendered, its images read."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Final

from infra.providers.base import BlobReader
from infra.providers.http.listing import Listing, size_for
from infra.providers.http.pricing import price_of
from infra.providers.http.prompting import negatives, render
from infra.settings import ListedModel
from schemas.errors import BadOutput
from schemas.generations import GenerationRequest
from schemas.identifiers import digest
from schemas.images import ImageRef, MediaType, Size

_FILE_ENDING: Final = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


@dataclass(frozen=True, slots=True)
class Attachment:
    """An image that goes along with a request."""

    data: bytes
    media_type: MediaType

    @property
    def base64(self) -> str:
        """The bytes in base64."""
        return base64.b64encode(self.data).decode()

    @property
    def address(self) -> str:
        """The image within its own address, so that nothing of ours has to be public."""
        return f"data:{self.media_type};base64,{self.base64}"

    def file(self, name: str) -> tuple[str, bytes, str]:
        """The image as a file of a form; `name` without its ending."""
        return f"{name}.{_FILE_ENDING[self.media_type]}", self.data, self.media_type


@dataclass(frozen=True, slots=True)
class Order:
    """What a dialect writes its request from. `size` is one that the model makes; `price_usd` is the estimate.

    `seed` is None where the model takes none; `references` has no more than the model takes, and is never empty
    but for text-to-image; `mask` is there for a masked edit and nothing else.
    """

    request: GenerationRequest
    model: ListedModel
    prompt: str
    negatives: str
    size: Size
    price_usd: float
    seed: int | None
    references: tuple[Attachment, ...]
    mask: Attachment | None

    @property
    def shown(self) -> tuple[Size, ...]:
        """The sizes of `references`."""
        return tuple(reference.size for reference in self.request.references[: len(self.references)])


async def take(request: GenerationRequest, listing: Listing, blobs: BlobReader) -> Order:
    """`request` as an order. Raises InvalidRequest where the model cannot do it, StoreError from `blobs`."""
    model = listing.check(request)
    size = size_for(model, request.size)
    wanted = () if request.operation == "text-to-image" else request.references[: max(1, model.max_references)]
    mask = request.mask if request.operation == "masked-edit" else None
    return Order(
        request=request,
        model=model,
        prompt=render(request.prompt, request.safe_area),
        negatives=negatives(request.prompt),
        size=size,
        price_usd=price_of(model, size, request.operation, [reference.size for reference in wanted]),
        seed=_seed(request) if model.seed != "none" else None,
        references=tuple([await _attachment(reference, blobs) for reference in wanted]),
        mask=None if mask is None else await _attachment(mask, blobs),
    )


def _seed(request: GenerationRequest) -> int:
    """The request's seed, or without one a seed from the job's id: a fixed one would give the same image always."""
    if request.seed is not None:
        return request.seed
    return int(digest(("seed", request.job_id))[:8], 16) & 0x7FFF_FFFF


async def _attachment(reference: ImageRef, blobs: BlobReader) -> Attachment:
    return Attachment(await blobs(reference.key), reference.media_type)


def decoded(text: object, service: str, spent_usd: float) -> bytes:
    """The bytes of base64, with or without ``data:...,`` before it. Raises BadOutput with `spent_usd`."""
    if not isinstance(text, str):
        raise BadOutput(f"{service} answered without an image", spent_usd=spent_usd)
    try:
        return base64.b64decode(text.rpartition(",")[2], validate=True)
    except (binascii.Error, ValueError):
        raise BadOutput(f"{service}'s image is no base64", spent_usd=spent_usd) from None
