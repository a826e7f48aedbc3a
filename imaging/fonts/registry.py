"""The font registry: family names, the files behind them, and the family that draws a given character.

The registered fonts come as installed packages. A brand's own fonts come from the object store, as bytes that the
caller reads. So the same text has the same shape on every machine.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from PIL import ImageFont

from imaging.data_files import data_path, keep
from imaging.fonts.coverage import coverage, read_coverage
from schemas.brands import Fonts
from schemas.errors import InvalidRequest

BOLD: Final = 600
"""The least weight for which a family without a weight axis uses its bold file."""

_FILES: Final[dict[str, tuple[str, ...]]] = {
    "Anton": ("fontpkg_anton/files/Anton-Regular.ttf",),
    "Archivo": ("fontpkg_archivo/files/Archivo[wdth,wght].ttf",),
    "Bricolage Grotesque": ("fontpkg_bricolage_grotesque/files/BricolageGrotesque[opsz,wdth,wght].ttf",),
    "Fraunces": ("fontpkg_fraunces/files/Fraunces[SOFT,WONK,opsz,wght].ttf",),
    "Heebo": ("fontpkg_heebo/files/Heebo[wght].ttf",),
    "Inter": ("fontpkg_inter/files/Inter[opsz,wght].ttf",),
    "Noto Sans": ("fontpkg_noto_sans/files/NotoSans[wdth,wght].ttf",),
    "Noto Sans Arabic": ("fontpkg_noto_sans_arabic/files/NotoSansArabic[wdth,wght].ttf",),
    "Noto Sans CJK JP": (
        "noto_cjk_sans_jp_regular/NotoSansCJKjp-Regular.otf",
        "noto_cjk_sans_jp_bold/NotoSansCJKjp-Bold.otf",
    ),
    "Noto Sans Thai": ("fontpkg_noto_sans_thai/files/NotoSansThai[wdth,wght].ttf",),
}
"""Package and file of each family: one with a weight axis or a single weight, or a regular and a bold one."""
_INSTALLED: Final[dict[str, tuple[str, ...]]] = {}
"""The files of the brands' own families, by the name that `family_of` gives them."""
_FALLBACKS: Final = ("Noto Sans", "Heebo", "Noto Sans Thai", "Noto Sans Arabic", "Noto Sans CJK JP")
"""By script: Latin, Cyrillic, Greek and Devanagari; Hebrew; Thai; Arabic; Chinese, Japanese and Korean."""
_DISPLAY_POINTS: Final = 60.0
"""The optical size of bold text. Display cuts beyond it have word spaces that are too narrow for feeds."""
_LEAST_LETTERS: Final = 20
"""Letters and digits that a font needs to be a text font, in whatever script."""
_EAST_ASIAN: Final = frozenset({"ja", "zh", "ko"})
_SHARED_PUNCTUATION: Final = range(0x2010, 0x2028)
"""Dashes, quotes and ellipses that are full-width in East Asian text and narrow elsewhere."""


def families() -> tuple[str, ...]:
    """The names that a brand kit may use, in order."""
    return tuple(_FILES)


def family_of(fonts: Fonts, name: str) -> str:
    """The name under which a brand's family `name` is installed and drawn.

    A family with files of its own is named after their keys, so two brands may use one name for different fonts.
    """
    files = fonts.files.get(name)
    return name if files is None else "+".join(file.key or file.path for file in files)


def installed(family: str) -> bool:
    """Whether a family (as `family_of` names it) can be drawn."""
    return family in _FILES or family in _INSTALLED


def install(family: str, files: Sequence[bytes]) -> None:
    """Make a brand's own family drawable in this process.

    Args:
        family: the name that `family_of` gives it.
        files: the font files: one with a weight axis or a single weight, or a regular and a bold one.

    Raises:
        InvalidRequest: a file is no readable font.
    """
    paths = []
    for number, data in enumerate(files):
        path = keep(data, ".ttf")
        try:
            coverage(path)
            ImageFont.truetype(path, 16, layout_engine=ImageFont.Layout.RAQM)
        except (OSError, ValueError, struct.error) as error:
            raise InvalidRequest(f"file {number + 1} of font {family!r} is damaged: {error}") from error
        paths.append(path)
    _INSTALLED[family] = tuple(paths)


def check_font(data: bytes) -> None:
    """Raise ValueError, in words for the campaign's author, if text cannot be drawn with the font file `data`."""
    try:
        points = read_coverage(io.BytesIO(data))
        face = ImageFont.truetype(io.BytesIO(data), 64, layout_engine=ImageFont.Layout.RAQM)
        letters = [
            chr(point)
            for start, end in zip(points.starts, points.ends, strict=True)
            for point in range(start, end + 1)
            if chr(point).isalnum()
        ]
        sizes = [face.getbbox(letter) for letter in letters[:_LEAST_LETTERS]]
    except (OSError, ValueError, struct.error) as error:
        raise ValueError("is a damaged font; get it from its maker again") from error
    if len(sizes) < _LEAST_LETTERS or not any(box[2] > box[0] for box in sizes):
        raise ValueError("has no letters; take a font with text, not with symbols")


def check_family(name: str) -> str:
    """`name` itself. Raises InvalidRequest for a family that is not registered."""
    if not installed(name):
        raise InvalidRequest(f"font family {name!r} is not known; write one of: {', '.join(_FILES)}")
    return name


@lru_cache(maxsize=64)
def font_file(family: str, weight: int = 400) -> str:
    """The path of the file that draws `family` at `weight` (1 to 1000)."""
    if family in _INSTALLED:
        return _INSTALLED[family][-1 if weight >= BOLD else 0]
    files = _FILES[check_family(family)]
    package, _, name = files[-1 if weight >= BOLD else 0].partition("/")
    return data_path(package, name)


@lru_cache(maxsize=512)
def font(family: str, weight: int, size: float) -> ImageFont.FreeTypeFont:
    """`family` at `weight` and `size` in pixels, its axes set.

    The font is shared, so its pixels may differ slightly between calls; `fresh_font` reproduces them exactly.
    """
    return fresh_font(family, weight, size)


def fresh_font(family: str, weight: int, size: float) -> ImageFont.FreeTypeFont:
    """The same font, opened again (0.1 ms) and not shared with any other caller.

    FreeType 2.14 may draw a glyph of a variable font differently once its face has drawn others. With a shared face
    an image would depend on the images drawn before it.
    """
    face = ImageFont.truetype(font_file(family, weight), size, layout_engine=ImageFont.Layout.RAQM)
    if _is_variable(font_file(family, weight)):
        face.set_variation_by_axes([_axis_value(axis, weight) for axis in face.get_variation_axes()])
    return face


@lru_cache(maxsize=64)
def _is_variable(path: str) -> bool:
    """Whether the font has axes to be set."""
    try:
        return bool(ImageFont.truetype(path, 16).get_variation_axes())
    except OSError:  # what Pillow raises for a font without axes
        return False


def _axis_value(axis: ImageFont.Axis, weight: int) -> float:
    """The value on `axis`: the requested weight, the display cut for bold text, and no ornament."""
    name = bytes(axis["name"] or b"").decode("ascii", "replace").lower()
    least, usual, most = (float(axis[key] or 0) for key in ("minimum", "default", "maximum"))
    optical = min(most, _DISPLAY_POINTS) if weight >= BOLD else least
    settings = {"weight": float(weight), "optical size": optical, "width": 100.0, "softness": 0.0, "wonky": 0.0}
    return min(max(settings.get(name, usual), least), most)


@lru_cache(maxsize=16_384)
def family_for(letters: str, family: str, language: str) -> str | None:
    """The family that draws all of `letters` (one, or one with its marks) in text set in `family`, or None."""
    chain: tuple[str, ...] = (family, *_FALLBACKS)
    if language.split("-", maxsplit=1)[0] in _EAST_ASIAN and ord(letters[0]) in _SHARED_PUNCTUATION:
        chain = ("Noto Sans CJK JP", *chain)
    return next((name for name in chain if all(ord(letter) in coverage(font_file(name)) for letter in letters)), None)
