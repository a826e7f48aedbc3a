"""What an image costs before it is made: price tables by operation, quality, size, references and prompt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Final

from pydantic import Field, field_validator

from schemas.base import Dollars, Model
from schemas.images import Size
from schemas.operations import Operation

MEGAPIXEL: Final = 1024 * 1024
"""fal and Black Forest Labs count this way: 1024 x 1024 costs one megapixel, 1920 x 1080 two."""
_MILLION: Final = 1_000_000


def megapixels(size: Size) -> int:
    """The megapixels of `size`, rounded up."""
    return math.ceil(size.width * size.height / MEGAPIXEL)


class PriceRow(Model):
    """One line of a price table.

    `usd` is for an image; if `further_usd` is set, `usd` is for its first megapixel and `further_usd` for each further
    one, rounded up. Without operations, quality or size the line applies to all. `size` is written ``1024x1536`` and
    applies to portrait and landscape.
    """

    usd: Dollars
    further_usd: Dollars | None = None
    operations: tuple[Operation, ...] = ()
    quality: str = ""
    size: Size | None = None

    @field_validator("size", mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        width, _, height = value.partition("x")
        return {"width": width, "height": height}

    def fits(self, operation: Operation, quality: str) -> bool:
        """Whether the line applies to `operation` at `quality`, at any size."""
        return (not self.operations or operation in self.operations) and self.quality in {"", quality}

    def image_usd(self, size: Size) -> float:
        """The price of an image of `size`. One larger than the line's own costs more by its area."""
        if self.further_usd is not None:
            return self.usd + (megapixels(size) - 1) * self.further_usd
        return self.usd * (1.0 if self.size is None else max(1.0, _area(size) / _area(self.size)))


class ModelPrice(Model):
    """The price table of a model, as of a date, with its source.

    Of the lines that fit operation and quality, the one with the nearest size counts, and of equals the first.
    `quality` is assumed for a request that names none: the provider's word for how good or how large (``high``,
    ``4K``). `reference_usd` is for each reference image, `reference_megapixel_usd` for each megapixel of one, rounded
    up, `text_million_usd` for a million tokens of the prompt.
    """

    rows: Annotated[tuple[PriceRow, ...], Field(min_length=1)]
    quality: str = ""
    reference_usd: Dollars = 0.0
    reference_megapixel_usd: Dollars = 0.0
    text_million_usd: Dollars = 0.0
    source: str
    as_of: str

    @field_validator("rows")
    @classmethod
    def _some_row_for_any_size(cls, rows: tuple[PriceRow, ...]) -> tuple[PriceRow, ...]:
        if len({row.size is None for row in rows}) > 1:
            raise ValueError("a table has sizes in all of its lines or in none: otherwise it is ambiguous")
        return rows

    def usd(
        self,
        operation: Operation,
        size: Size,
        *,
        quality: str = "",
        references: Sequence[Size] = (),
        text_tokens: float = 0.0,
    ) -> float:
        """The price of one image in US dollars; where no line fits, that of the most expensive line."""
        wanted = quality or self.quality
        fitting = [row for row in self.rows if row.fits(operation, wanted)]
        if fitting:
            image = min(fitting, key=lambda row: _distance(row.size, size)).image_usd(size)
        else:
            image = max(row.image_usd(size) for row in self.rows)
        shown = sum(self.reference_usd + megapixels(each) * self.reference_megapixel_usd for each in references)
        return image + shown + text_tokens * self.text_million_usd / _MILLION


def flat_price(usd: float, source: str, as_of: str, *, further_usd: float | None = None) -> ModelPrice:
    """A table of one line: the same price for every image, or for each megapixel."""
    return ModelPrice(rows=(PriceRow(usd=usd, further_usd=further_usd),), source=source, as_of=as_of)


def _area(size: Size) -> int:
    return size.width * size.height


def _distance(listed: Size | None, asked: Size) -> tuple[float, float]:
    """How far two sizes are apart, by ratio first (portrait and landscape are the same) and then by area."""
    if listed is None:
        return 0.0, 0.0
    ratio = abs(abs(math.log(listed.ratio)) - abs(math.log(asked.ratio)))
    return round(ratio, 2), abs(math.log(_area(listed) / _area(asked)))
