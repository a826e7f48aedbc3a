"""An image cut into tiles that a convolutional network can enlarge one by one, so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import ceil


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one axis in pixels: what is read, and which part of it is kept."""

    read_from: int
    read_to: int
    keep_from: int
    keep_to: int


@dataclass(frozen=True, slots=True)
class Tile:
    """A rectangle to enlarge: the part that is kept, and the context that is read around it."""

    rows: Span
    columns: Span


def tiles(height: int, width: int, longest: int, context: int) -> Iterator[Tile]:
    """Tiles that cover `height` x `width` pixels once, of about equal size, each side at most `longest`.

    Each tile is read with `context` pixels more on all sides, but not beyond the image: a network that pads there
    by itself then sees of each tile's surroundings what it would see of the whole image's.
    """
    columns = tuple(_spans(width, longest, context))
    for rows in _spans(height, longest, context):
        for across in columns:
            yield Tile(rows, across)


def _spans(length: int, longest: int, context: int) -> Iterator[Span]:
    count = ceil(length / longest)
    cuts = [length * index // count for index in range(count + 1)]
    for start, end in pairwise(cuts):
        yield Span(max(0, start - context), min(length, end + context), start, end)
