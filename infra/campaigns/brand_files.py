"""A brand's files (images and fonts): checked when its campaign is read, then stored by content key.

A campaign may be untrusted: it must not read other files of this machine, and nothing in its files may harm it.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PIL import Image, UnidentifiedImageError

from imaging.fonts.registry import check_font, families
from infra.programs.svg import drawn, is_drawing
from infra.storage.store import ObjectStore, save_blob
from schemas.brands import Artwork, FontFile, Fonts
from schemas.campaigns import Campaign
from schemas.errors import InvalidCampaign
from schemas.images import ImageRef, MediaType, Size

IMAGE_BYTES_LIMIT: Final = 20 * 1024 * 1024
PIXELS_LIMIT: Final = 40_000_000
"""Pixels of an image: 160 MB once unpacked as RGBA; a compressed file of a few kB can hold gigabytes."""
SIDE_LIMITS: Final = (16, 8192)
_IMAGE_TYPES: Final[dict[str, MediaType]] = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
FONT_BYTES_LIMIT: Final = 10 * 1024 * 1024
_FONT_TYPE: Final = "font/ttf"
_DESKTOP: Final = (b"\x00\x01\x00\x00", b"OTTO", b"true")
"""The first bytes of TrueType and OpenType files."""
_OTHERS: Final = {
    b"wOFF": "is a web font (WOFF); take the desktop file, .ttf or .otf",
    b"wOF2": "is a web font (WOFF2); take the desktop file, .ttf or .otf",
    b"ttcf": "is a collection of fonts; take the single file, .ttf or .otf",
}


def artworks(campaign: Campaign) -> Iterator[tuple[tuple[str | int, ...], Artwork]]:
    """The campaign's images with their place in its file."""
    yield ("brand", "logo"), campaign.brand.logo
    for number, product in enumerate(campaign.brand.products):
        yield ("brand", "products", number), product


def inspect_artwork(name: str, directory: Path) -> tuple[bytes, MediaType, Size]:
    """The bytes, real type and size of the image `name` beside a campaign in `directory`; an SVG is drawn as PNG.

    Raises:
        ValueError: The image is missing or cannot be used. The message is for the campaign's author.
    """
    data = _read_beside(name, directory, IMAGE_BYTES_LIMIT, "image")
    if is_drawing(data):
        image, size = drawn(data)
        return image, "image/png", size
    try:
        return data, *_checked_image(data)
    except Image.DecompressionBombError as error:
        raise ValueError(
            f"has far too many pixels; save it with {PIXELS_LIMIT // 1_000_000} million at most"
        ) from error
    except UnidentifiedImageError as error:
        raise ValueError("is not an SVG, PNG, JPEG or WebP image; export it as PNG with transparency") from error
    except (OSError, SyntaxError) as error:
        raise ValueError(f"is a damaged image ({error}); export it again") from error


def _checked_image(data: bytes) -> tuple[MediaType, Size]:
    """The type and size of an image that decodes completely. Raises ValueError or what Pillow raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower
        with Image.open(io.BytesIO(data), formats=tuple(_IMAGE_TYPES)) as image:
            _check_size(image.width, image.height)
            image.load()
            return _IMAGE_TYPES[str(image.format)], Size(width=image.width, height=image.height)


async def store_artwork(artwork: Artwork, directory: Path, store: ObjectStore) -> Artwork:
    """Store the image of `artwork`. Raises `StoreError`, or `InvalidCampaign` for an unusable image."""
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


def font_files(campaign: Campaign) -> Iterator[tuple[tuple[str | int, ...], FontFile]]:
    """The campaign's font files with their place in its file."""
    for family, files in campaign.brand.fonts.files.items():
        for number, file in enumerate(files):
            yield ("brand", "fonts", "files", family, number), file


def unknown_families(fonts: Fonts) -> Iterator[tuple[str, str]]:
    """Roles whose font family is neither registered nor among the brand's files, with what to write instead."""
    known = (*fonts.files, *families())
    for role in ("headline", "body"):
        family = getattr(fonts, role)
        if family not in known:
            yield role, f"font family {family!r} is not known; write one of: {', '.join(known)}"


def inspect_font(name: str, directory: Path) -> bytes:
    """The bytes of the font `name` beside a campaign in `directory`.

    Raises:
        ValueError: The font is missing or cannot be used. The message is for the campaign's author.
    """
    data = _read_beside(name, directory, FONT_BYTES_LIMIT, "font")
    if data[:4] not in _DESKTOP:
        raise ValueError(_OTHERS.get(data[:4], "is not a TrueType or OpenType font; take a .ttf or .otf file"))
    check_font(data)
    return data


async def store_font(file: FontFile, directory: Path, store: ObjectStore) -> FontFile:
    """Store the font `file`. Raises `StoreError`, or `InvalidCampaign` for an unusable font."""
    try:
        data = inspect_font(file.path, directory)
    except ValueError as error:
        raise InvalidCampaign(str(directory / file.path), None, str(error)) from error
    return file.model_copy(update={"key": await save_blob(store, data, _FONT_TYPE)})


def _read_beside(name: str, directory: Path, limit: int, kind: str) -> bytes:
    """The bytes of the `kind` (image, font) `name` below `directory`, at most `limit` of them.

    Raises ValueError for a path outside of `directory`. The message is for the campaign's author.
    """
    path = (directory / name).resolve()
    if not path.is_relative_to(directory.resolve()):
        raise ValueError(f"lies outside the campaign's directory; put the {kind} beside the campaign")
    try:
        if not path.is_file():
            raise ValueError("does not exist; write its path as seen from the campaign's file")
        if path.stat().st_size > limit:
            raise ValueError(f"is above {limit // 1_048_576} MB; save it smaller")
        return path.read_bytes()
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror or error}") from error
