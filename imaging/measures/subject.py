"""The subject of the checks: one decoded image with what it should show, and the conversions that checks share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from imaging.decode import decode
from imaging.measures.brand.dominant import DominantColours, dominant_colours
from imaging.measures.content.network import Content, look_at
from imaging.measures.edges import SampledRows, sample_rows
from imaging.measures.text.boxes import TEXT_ROLES, TextBox, text_box
from imaging.measures.text.reader import PP_OCR, ReadLine, Recogniser, read_image
from imaging.pixels import BgraImage, BgrImage, Levels, shrink, to_grey
from schemas.brands import Copy, Palette
from schemas.campaigns import Format
from schemas.images import Box, Insets, Region
from schemas.scorecards import ReadText, Signature

COMMON_LONG_SIDE: Final = 512
"""Pixels of the longer side at which sharpness and noise are measured: that of a draft, so a final is comparable."""
SMALL_LONG_SIDE: Final = 256
"""Pixels of the longer side at which colours and structure are compared; finer detail carries neither."""
TINY_LONG_SIDE: Final = 128
"""Pixels of the longer side at which colours are counted."""


@dataclass(frozen=True, eq=False)
class Subject:
    """An image, and what it should show: the brand's palette, the format, copy and logo.

    `regions` are the places of its parts as the model reports them, empty for models that report none. `expects_logo`
    says that the image from which this one was made shows the logo. `published` are the signatures of what the campaign
    published before, None where no one looked. `asked_for` is what the image was to show, in words, empty where that is
    not known. Each conversion is made once, at its first use.
    """

    pixels: BgrImage
    palette: Palette
    form: Format
    regions: tuple[Region, ...] = ()
    wording: Copy | None = None
    logo: BgraImage | None = None
    published: tuple[Signature, ...] | None = None
    expects_logo: bool = False
    asked_for: str = ""

    @classmethod
    def from_bytes(cls, data: bytes, palette: Palette, form: Format, regions: tuple[Region, ...] = ()) -> Subject:
        """The subject of an encoded image. Raises `BadOutput` where `data` is none."""
        return cls(decode(data), palette, form, regions)

    @property
    def safe_area(self) -> Insets:
        """The margins of the format that the platform covers."""
        return self.form.safe_area

    @property
    def ratio(self) -> float:
        """Width over height of the pixels."""
        height, width = self.pixels.shape[:2]
        return float(width / height)

    @property
    def reports_text(self) -> bool:
        """Whether the model reported its text."""
        return any(region.text for region in self.regions)

    @property
    def logo_boxes(self) -> tuple[Box, ...]:
        """The reported places of the logo. A region with a text was read: the brand's name, not the whole logo."""
        return tuple(region.box for region in self.regions if region.role == "logo" and not region.text)

    @cached_property
    def common(self) -> BgrImage:
        """BGR at the common size, at most 512 pixels long."""
        return shrink(self.pixels, COMMON_LONG_SIDE)

    @cached_property
    def grey(self) -> Levels:
        """Luma (Rec. 601) at the common size, shape (height, width)."""
        return to_grey(self.common)

    @cached_property
    def rows(self) -> SampledRows:
        """The rows of `grey` that edges and noise are measured along."""
        return sample_rows(self.grey)

    @cached_property
    def texts(self) -> tuple[TextBox, ...]:
        """The boxes that hold text by the model's report, with the letters in them."""
        return self._texts_in(self.pixels)

    @cached_property
    def common_texts(self) -> tuple[TextBox, ...]:
        """The same at the common size."""
        return self.texts if self.common is self.pixels else self._texts_in(self.common)

    def _texts_in(self, bgr: BgrImage) -> tuple[TextBox, ...]:
        return tuple(text_box(bgr, region) for region in self.regions if region.role in TEXT_ROLES)

    @cached_property
    def small(self) -> BgrImage:
        """BGR at most 256 pixels long."""
        return shrink(self.common, SMALL_LONG_SIDE)

    @cached_property
    def tiny(self) -> BgrImage:
        """BGR at most 128 pixels long."""
        return shrink(self.small, TINY_LONG_SIDE)

    @cached_property
    def tiny_grey(self) -> Levels:
        """Luma (Rec. 601) of `tiny`."""
        return to_grey(self.tiny)

    def lines_read(self, by: Recogniser = PP_OCR) -> tuple[ReadLine, ...]:
        """The lines that are read in the whole image: by far the most expensive conversion."""
        if by not in self._readings:
            self._readings[by] = tuple(read_image(self.pixels, by))
        return self._readings[by]

    @cached_property
    def _readings(self) -> dict[Recogniser, tuple[ReadLine, ...]]:
        return {}

    @property
    def text_read(self) -> tuple[ReadText, ...]:
        """The first such reading in fractions of the image's sides, where there is one; this reads nothing."""
        height, width = self.pixels.shape[:2]
        lines = next(iter(self._readings.values()), ())
        return tuple(read for line in lines if (read := _in_fractions(line, width, height)) is not None)

    @cached_property
    def content(self) -> Content:
        """The result of a network trained on photographs."""
        return look_at(self.small)

    @cached_property
    def dominant(self) -> DominantColours:
        """The dominant colours."""
        return dominant_colours(self.tiny)


def _in_fractions(line: ReadLine, width: int, height: int) -> ReadText | None:
    """`line` in fractions of the sides, as far as it lies in the image."""
    left, right = (min(max(edge / width, 0.0), 1.0) for edge in (line.left, line.right))
    top, bottom = (min(max(edge / height, 0.0), 1.0) for edge in (line.top, line.bottom))
    if left >= right or top >= bottom:
        return None
    box = Box(left=left, top=top, right=right, bottom=bottom)
    return ReadText(box=box, text=line.text, confidence=min(max(line.confidence, 0.0), 1.0))
