"""A brand's own fonts: looked at when the campaign is read, then stored by content key."""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PIL import ImageFont

from imaging.fonts.coverage import coverage
from imaging.fonts.registry import families
from infra.campaigns.files import read_beside
from infra.storage.store import ObjectStore, save_blob
from schemas.brands import FontFile, Fonts
from schemas.campaigns import Campaign
from schemas.errors import InvalidCampaign

BYTES_LIMIT: Final = 10 * 1024 * 1024
MEDIA_TYPE: Final = "font/ttf"
_DESKTOP: Final = (b"\x00\x01\x00\x00", b"OTTO", b"true")
"""How TrueType and OpenType files begin."""
_OTHERS: Final = {
    b"wOFF": "is a web font (WOFF); take the desktop file, .ttf or .otf",
    b"wOF2": "is a web font (WOFF2); take the desktop file, .ttf or .otf",
    b"ttcf": "is a collection of fonts; take the single file, .ttf or .otf",
}
_LETTERS: Final = 20
"""Letters and figures that a font has at the least, in whatever script."""


def font_files(campaign: Campaign) -> Iterator[tuple[tuple[str | int, ...], FontFile]]:
    """The campaign's font files with their place in its file."""
    for family, files in campaign.brand.fonts.files.items():
        for number, file in enumerate(files):
            yield ("brand", "fonts", "files", family, number), file


def unknown_families(fonts: Fonts) -> Iterator[tuple[str, str]]:
    """Roles whose family is neither registered nor among the brand's files, with what to write instead."""
    known = (*fonts.files, *families())
    for role in ("headline", "body"):
        family = getattr(fonts, role)
        if family not in known:
            yield role, f"font family {family!r} is not known; write one of: {', '.join(known)}"


def inspect_font(name: str, directory: Path) -> bytes:
    """The bytes of the font `name` beside a campaign in `directory`.

    Raises ValueError, in words for the campaign's author, where there is none or it cannot be used.
    """
    data = read_beside(name, directory, BYTES_LIMIT, "font")
    if data[:4] not in _DESKTOP:
        raise ValueError(_OTHERS.get(data[:4], "is no TrueType or OpenType font; take a .ttf or .otf file"))
    with tempfile.NamedTemporaryFile(suffix=".ttf") as file:
        file.write(data)
        file.flush()
        _try(Path(file.name))
    return data


def _try(path: Path) -> None:
    """Raise ValueError where the font cannot be drawn with."""
    try:
        points = coverage(path)
        face = ImageFont.truetype(path, 64, layout_engine=ImageFont.Layout.RAQM)
        letters = [
            chr(point)
            for start, end in zip(points.starts, points.ends, strict=True)
            for point in range(start, end + 1)
            if chr(point).isalnum()
        ]
        sizes = [face.getbbox(letter) for letter in letters[:_LETTERS]]
    except (OSError, ValueError, struct.error) as error:
        raise ValueError("is a damaged font; take it from its maker again") from error
    if len(sizes) < _LETTERS or not any(box[2] > box[0] for box in sizes):
        raise ValueError("has no letters; take a font with text, not with symbols")


async def stored_font(file: FontFile, directory: Path, store: ObjectStore) -> FontFile:
    """`file` with its bytes in `store`. Raises `StoreError`, or `InvalidCampaign` for an unusable font."""
    try:
        data = inspect_font(file.path, directory)
    except ValueError as error:
        raise InvalidCampaign(str(directory / file.path), None, str(error)) from error
    return file.model_copy(update={"key": await save_blob(store, data, MEDIA_TYPE)})
