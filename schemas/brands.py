"""The brand kit and the copy: what an ad is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from schemas.base import Model
from schemas.images import ImageRef

COPY_LIMIT = 200
"""Characters of one line of copy: twice the longest headline that ad platforms accept."""

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$", to_lower=True)]
"""An sRGB colour, such as ``#e4572e``."""


class Artwork(Model):
    """An image of the brand: a file beside the campaign and, once uploaded, its place in the object store."""

    path: Annotated[str, StringConstraints(min_length=1)]
    image: ImageRef | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_path(cls, value: object) -> object:
        return {"path": value} if isinstance(value, str) else value


class Palette(Model):
    """The brand's colours by role.

    `primary` is the main colour, `secondary` supports it, `accent` attracts attention; `paper` and `ink` are background
    and text.
    """

    primary: Colour
    secondary: Colour
    accent: Colour
    paper: Colour = "#ffffff"
    ink: Colour = "#111111"


class FontFile(Model):
    """A font of the brand: a TrueType or OpenType file beside the campaign and, once uploaded, its object's key."""

    path: Annotated[str, StringConstraints(min_length=1)]
    key: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_path(cls, value: object) -> object:
        return {"path": value} if isinstance(value, str) else value


FontFiles = Annotated[tuple[FontFile, ...], Field(min_length=1, max_length=2)]


class Fonts(Model):
    """Font families by role: names of the font registry (`brushfire doctor --fonts` lists them) or of `files`.

    `files` holds the brand's own families: one file, variable or of a single weight, or a regular and a bold one.
    """

    headline: str = "Inter"
    body: str = "Inter"
    files: Annotated[
        dict[Annotated[str, StringConstraints(min_length=1, max_length=60)], FontFiles], Field(max_length=4)
    ] = {}

    @field_validator("files", mode="before")
    @classmethod
    def _one_or_two(cls, value: object) -> object:
        if not isinstance(value, Mapping):
            return value
        return {name: files if isinstance(files, list | tuple) else (files,) for name, files in value.items()}


Avoidable = Literal["layout", "ground", "scheme", "button"]
"""The composer's axes on which a brand may exclude choices."""
Never = Annotated[tuple[str, ...], Field(min_length=1, max_length=20)]
"""Names of what a brand does not want to see."""


class BrandKit(Model):
    """Name, colours, logo, fonts and product images (cut out, with transparency) of a brand.

    `never` names, by axis, what the composer leaves out for it.
    """

    name: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    palette: Palette
    logo: Artwork
    fonts: Fonts = Fonts()
    products: Annotated[tuple[Artwork, ...], Field(max_length=12)] = ()
    never: dict[Avoidable, Never] = {}


CopySlot = Literal["headline", "line", "call_to_action", "legal"]
"""The roles of a line of copy."""
Shorter = Annotated[tuple[str, ...], Field(min_length=1, max_length=5)]


class CopyLines(Model):
    """The lines that a campaign may use in one language; ``{topic}`` is replaced by the trend's words.

    A line may be a list: the same line at several lengths, of which the longest that fits is set. The longest is kept
    in its slot, and the others, longest first, in `shorter` under it.
    """

    headline: Annotated[tuple[str, ...], Field(min_length=1, max_length=50)]
    line: Annotated[tuple[str, ...], Field(min_length=1, max_length=50)]
    call_to_action: Annotated[tuple[str, ...], Field(min_length=1, max_length=50)]
    legal: str = ""
    shorter: dict[str, Shorter] = {}

    @model_validator(mode="before")
    @classmethod
    def _lengths_apart(cls, value: object) -> object:
        if not isinstance(value, Mapping) or not isinstance(value.get("shorter", {}), Mapping):
            return value
        fields, shorter = dict(value), dict(value.get("shorter", {}))
        for slot in ("headline", "line", "call_to_action"):
            if isinstance(fields.get(slot), list | tuple):
                fields[slot] = tuple(_longest(line, shorter) for line in fields[slot])
        if "legal" in fields:
            fields["legal"] = _longest(fields["legal"], shorter)
        return {**fields, "shorter": shorter} if shorter else fields

    @field_validator("headline", "line", "call_to_action", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("headline", "line", "call_to_action", "legal")
    @classmethod
    def _only_known_slots(cls, value: tuple[str, ...] | str) -> tuple[str, ...] | str:
        for text in (value,) if isinstance(value, str) else value:
            _check_line(text)
        return value

    @model_validator(mode="after")
    def _shorter_ones_belong(self) -> CopyLines:
        known = {*self.headline, *self.line, *self.call_to_action, self.legal}
        for longest, others in self.shorter.items():
            if longest not in known:
                raise ValueError(f"shorter: {longest[:40]!r} is none of the lines; write it as one of them")
            for text in others:
                _check_line(text)
                if len(text) >= len(longest):
                    raise ValueError(f"{text[:40]!r} is no shorter than {longest[:40]!r}; take one of them out")
        return self


class Copy(Model):
    """The copy of one ad, its slots filled. `direction` is that of the script.

    `shorter` are the same lines at smaller lengths, longest first: an image may carry any of them.
    """

    language: str
    direction: Literal["ltr", "rtl"] = "ltr"
    headline: str
    line: str
    call_to_action: str
    legal: str = ""
    shorter: dict[CopySlot, Shorter] = {}

    def as_told(self, told: Mapping[str, str]) -> Copy:
        """The copy with each line at the length that was really set, according to `told`: texts by role."""
        chosen: dict[str, str] = {
            slot: text
            for slot, others in self.shorter.items()
            for text in others
            if _letters(text) == _letters(told.get(slot, ""))
        }
        return self.model_copy(update=chosen) if chosen else self


def _longest(line: object, shorter: dict[str, object]) -> object:
    """The longest of a line's lengths, the others put into `shorter`; anything but a list of texts stays as it is."""
    if not isinstance(line, list | tuple) or not line or not all(isinstance(text, str) for text in line):
        return line
    first, *others = sorted(line, key=len, reverse=True)
    if others:
        shorter[first] = tuple(others)
    return first


def _check_line(text: str) -> None:
    rest = text.replace("{topic}", "")
    if "{" in rest or "}" in rest:
        raise ValueError(f"{text!r}: the only slot is {{topic}}; write it so, and no other braces")
    if len(text) > COPY_LIMIT:
        raise ValueError(f"{text[:40]!r}…: a line of copy has {COPY_LIMIT} characters at most")


def _letters(text: str) -> str:
    """What two settings of a text have in common, regardless of line breaks."""
    return "".join(character for character in text.casefold() if character.isalnum())
