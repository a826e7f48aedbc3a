"""A campaign's images: looked at before anything is paid for, then stored by content key."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PIL import Image, UnidentifiedImageError

from infra.campaigns.files import read_beside
from infra.programs.svg import drawn, is_drawing
from infra.storage.store import ObjectStore, save_blob
from schemas.brands import Artwork
from schemas.campaigns import Campaign
from schemas.errors import InvalidCampaign
from schemas.images import ImageRef, MediaType, Size

BYTES_LIMIT: Final = 20 * 1024 * 1024
PIXELS_LIMIT: Final = 40_000_000
"""Pixels of an image: 160 MB once unpacked as RGBA; a compressed file of a few kB can hold gigabytes."""
SIDE_LIMITS: Final = (16, 8192)
_MEDIA_TYPES: Final[dict[str, MediaType]] = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}


def artworks(campaign: Campaign) -> Iterator[tuple[tuple[str | int, ...], Artwork]]:
    """The campaign's images with their place in its file."""
    yield ("brand", "logo"), campaign.brand.logo
    for number, product in enumerate(campaign.brand.products):
        yield ("brand", "products", number), product


def inspect_artwork(name: str, directory: Path) -> tuple[bytes, MediaType, Size]:
    """The bytes, real type and size of the image `name` beside a campaign in `directory`; a drawing is drawn.

    Raises ValueError, in words for the campaign's author, where there is none or it cannot be used.
    """
    data = read_beside(name, directory, BYTES_LIMIT, "image")
    if is_drawing(data):
        image, size = drawn(data)
        return image, "image/png", size
    try:
        return data, *_looked_at(data)
    except Image.DecompressionBombError as error:
        raise ValueError(
            f"has far too many pixels; save it with {PIXELS_LIMIT // 1_000_000} million at most"
        ) from error
    except UnidentifiedImageError as error:
        raise ValueError("is no SVG, PNG, JPEG or WebP image; export it as PNG with transparency") from error
    except (OSError, SyntaxError) as error:
        raise ValueError(f"is a damaged image ({error}); export it again") from error


def _looked_at(data: bytes) -> tuple[MediaType, Size]:
    """Type and size of an image that decodes to its last line. Raises ValueError or what Pillow raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower
        with Image.open(io.BytesIO(data), formats=tuple(_MEDIA_TYPES)) as image:
            _check_size(image.width, image.height)
            image.load()
            return _MEDIA_TYPES[str(image.format)], Size(width=image.width, height=image.height)


async def stored(artwork: Artwork, directory: Path, store: ObjectStore) -> Artwork:
    """`artwork` with its image in `store`. Raises `StoreError`, or `InvalidCampaign` for an unusable image."""
    try:
        data, media_type, size = inspect_artwork(artwork.path, directory)
    except ValueError as error:
        raise InvalidCampaign(str(directory / artwork.path), None, str(error)) from error
    key = await save_blob(store, data, media_type)
    return artwork.model_copy(update={"image": ImageRef(key=key, media_type=media_type, size=size, bytes=len(data))})


def _check_size(width: int, height: int) -> None:
    low, high = SIDE_LIMITS
    if not (low <= width <= high and low <= height <= high):
        raise ValueError(f"has {width} x {height} pixels; each side must have {low} to {high}")
    if width * height > PIXELS_LIMIT:
        raise ValueError(f"has {width} x {height} pixels; save it with {PIXELS_LIMIT // 1_000_000} million at most")
