"""A request prepared for an API: checked, its prompt rendered, its images read."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Final

from infra.providers.base import BlobReader
from infra.providers.http.listing import Listing, size_for
from infra.providers.http.pricing import price_of
from infra.providers.http.prompting import negatives, prompt_text
from infra.settings import ListedModel
from schemas.errors import BadOutput
from schemas.generations import GenerationRequest
from schemas.identifiers import digest
from schemas.images import ImageRef, MediaType, Size

_FILE_ENDING: Final = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


@dataclass(frozen=True, slots=True)
class Attachment:
    """An image that is sent with a request."""

    data: bytes
    media_type: MediaType

    @property
    def base64(self) -> str:
        """The bytes in base64."""
        return base64.b64encode(self.data).decode()

    @property
    def address(self) -> str:
        """The image as a ``data:`` address, so that no file of ours has to be public."""
        return f"data:{self.media_type};base64,{self.base64}"

    def file(self, name: str) -> tuple[str, bytes, str]:
        """The image as a file of a form; `name` has no file ending."""
        return f"{name}.{_FILE_ENDING[self.media_type]}", self.data, self.media_type


@dataclass(frozen=True, slots=True)
class Order:
    """A checked request: everything that an adapter needs to write the API's body.

    `size` is one that the model makes. `price_usd` is the estimate. `seed` is None where the model takes none.
    `references` has at most as many images as the model takes, and is empty only for text-to-image. `mask` is set only
    for a masked edit.
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


async def order_of(request: GenerationRequest, listing: Listing, blobs: BlobReader) -> Order:
    """Check `request`, render its prompt and read its images with `blobs`.

    Raises:
        InvalidRequest: the model cannot do it.
        StoreError: an image cannot be read.
    """
    model = listing.model_for(request)
    size = size_for(model, request.size)
    wanted = () if request.operation == "text-to-image" else request.references[: max(1, model.max_references)]
    mask = request.mask if request.operation == "masked-edit" else None
    return Order(
        request=request,
        model=model,
        prompt=prompt_text(request.prompt, request.safe_area),
        negatives=negatives(request.prompt),
        size=size,
        price_usd=price_of(model, size, request.operation, [reference.size for reference in wanted]),
        seed=_seed(request) if model.seed != "none" else None,
        references=tuple([await _attachment(reference, blobs) for reference in wanted]),
        mask=None if mask is None else await _attachment(mask, blobs),
    )


def _seed(request: GenerationRequest) -> int:
    """The request's seed, or else one from the job's id: with a fixed one every job would get the same image."""
    if request.seed is not None:
        return request.seed
    return int(digest(("seed", request.job_id))[:8], 16) & 0x7FFF_FFFF


async def _attachment(reference: ImageRef, blobs: BlobReader) -> Attachment:
    return Attachment(await blobs(reference.key), reference.media_type)


def decoded(text: object, service: str, spent_usd: float) -> bytes:
    """The bytes of base64 `text`, with or without a ``data:...,`` prefix. Raises BadOutput with `spent_usd`."""
    if not isinstance(text, str):
        raise BadOutput(f"{service} answered without an image", spent_usd=spent_usd)
    try:
        return base64.b64decode(text.rpartition(",")[2], validate=True)
    except (binascii.Error, ValueError):
        raise BadOutput(f"{service}'s image is no base64", spent_usd=spent_usd) from None
