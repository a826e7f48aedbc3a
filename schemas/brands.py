"""The brand kit and the copy: what an ad is made of."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from schemas.base import Model
from schemas.images import ImageRef

COPY_LIMIT = 200
"""Characters of one line of copy: twice the longest headline that ad platforms accept."""

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$", to_lower=True)]
"""An sRGB colour, such as ``#e4572e``."""


class Artwork(Model):
    """A picture of the brand: a file beside the campaign, and once uploaded its place in the object store."""

    path: Annotated[str, StringConstraints(min_length=1)]
    image: ImageRef | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_path(cls, value: object) -> object:
        return {"path": value} if isinstance(value, str) else value


class Palette(Model):
    """The brand's colours by role.

    `primary` carries, `secondary` supports, `accent` calls; `paper` and `ink` are ground and text.
    """

    primary: Colour
    secondary: Colour
    accent: Colour
    paper: Colour = "#ffffff"
    ink: Colour = "#111111"


class Fonts(Model):
    """Font families by role; the names are those of the font registry (`brushfire doctor --fonts` lists them)."""

    headline: str = "Inter"
    body: str = "Inter"


class BrandKit(Model):
    """Name, colours, logo, fonts and product pictures (cut out, with transparency) of a brand."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    palette: Palette
    logo: Artwork
    fonts: Fonts = Fonts()
    products: Annotated[tuple[Artwork, ...], Field(max_length=12)] = ()


class CopyLines(Model):
    """The lines that a campaign may use in one language; ``{topic}`` is replaced by the trend's words."""

    headline: Annotated[tuple[str, ...], Field(min_length=1, max_length=50)]
    line: Annotated[tuple[str, ...], Field(min_length=1, max_length=50)]
    call_to_action: Annotated[tuple[str, ...], Field(min_length=1, max_length=50)]
    legal: str = ""

    @field_validator("headline", "line", "call_to_action", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("headline", "line", "call_to_action", "legal")
    @classmethod
    def _only_known_slots(cls, value: tuple[str, ...] | str) -> tuple[str, ...] | str:
        for text in (value,) if isinstance(value, str) else value:
            rest = text.replace("{topic}", "")
            if "{" in rest or "}" in rest:
                raise ValueError(f"{text!r}: the only slot is {{topic}}; write it so, and no other braces")
            if len(text) > COPY_LIMIT:
                raise ValueError(f"{text[:40]!r}…: a line of copy has {COPY_LIMIT} characters at most")
        return value


class Copy(Model):
    """The copy of one ad, its slots filled. `direction` is that of the script."""

    language: str
    direction: Literal["ltr", "rtl"] = "ltr"
    headline: str
    line: str
    call_to_action: str
    legal: str = ""
