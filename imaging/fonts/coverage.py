"""Which characters a font can draw: the `cmap` table of a TrueType or OpenType file.

Formats 4 (basic plane) and 12 (all planes) are read, as laid down in the OpenType specification,
"cmap: Character to Glyph Index Mapping Table"; every font of the registry has one of them.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO, Final

from imaging.data_files import open_binary

_CODE_POINTS: Final = 0x110000


@dataclass(frozen=True, slots=True)
class Coverage:
    """Ranges of code points, sorted: `starts[i]` to `ends[i]`, both included."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __contains__(self, code_point: int) -> bool:
        """Whether the font has a glyph for `code_point`."""
        index = bisect_right(self.starts, code_point) - 1
        return index >= 0 and code_point <= self.ends[index]


@lru_cache(maxsize=32)
def coverage(path: str) -> Coverage:
    """The coverage of the font file at `path`. Raises ValueError if the file has no readable `cmap`."""
    with open_binary(path) as file:
        return read_coverage(file)


def read_coverage(file: BinaryIO) -> Coverage:
    """The coverage of an open font file.

    Raises ValueError or `struct.error` if the file has no readable `cmap`.
    """
    table = _table(file, b"cmap")
    (count,) = struct.unpack_from(">H", table, 2)
    points: set[int] = set()
    for index in range(count):
        (offset,) = struct.unpack_from(">I", table, 4 + 8 * index + 4)
        (kind,) = struct.unpack_from(">H", table, offset)
        if kind == 4:  # noqa: PLR2004 - the format's number in the specification
            points |= _format_4(table, offset)
        elif kind == 12:  # noqa: PLR2004 - the format's number in the specification
            points |= _format_12(table, offset)
    if not points:
        raise ValueError("the font has no cmap subtable of format 4 or 12")
    return _ranges(points)


def _table(file: BinaryIO, tag: bytes) -> bytes:
    """The table `tag` of a font file; the rest of the file, which may be 16 MB, is not read."""
    (count,) = struct.unpack(">4xH6x", file.read(12))
    for _ in range(count):
        name, offset, length = struct.unpack(">4s4xII", file.read(16))
        if name == tag:
            file.seek(offset)
            return file.read(length)
    raise ValueError(f"the font has no {tag.decode()} table")


def _format_4(table: bytes, at: int) -> set[int]:
    (doubled,) = struct.unpack_from(">H", table, at + 6)
    count = doubled // 2
    shape = f">{count}H"
    ends = struct.unpack_from(shape, table, at + 14)
    starts = struct.unpack_from(shape, table, at + 16 + doubled)
    deltas = struct.unpack_from(shape, table, at + 16 + 2 * doubled)
    offsets_at = at + 16 + 3 * doubled
    offsets = struct.unpack_from(shape, table, offsets_at)
    points: set[int] = set()
    _check_sizes(zip(starts, ends, strict=True))
    for index, (start, end, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for point in range(start, end + 1):
            glyph = point
            if offset:
                (glyph,) = struct.unpack_from(">H", table, offsets_at + 2 * index + offset + 2 * (point - start))
            if (glyph + delta if glyph or not offset else 0) & 0xFFFF and point != 0xFFFF:  # noqa: PLR2004 - end mark
                points.add(point)
    return points


def _format_12(table: bytes, at: int) -> set[int]:
    (count,) = struct.unpack_from(">I", table, at + 12)
    points: set[int] = set()
    groups = list(struct.iter_unpack(">III", table[at + 16 : at + 16 + 12 * count]))
    _check_sizes((start, end) for start, end, _ in groups)
    for start, end, glyph in groups:
        points.update(range(start if glyph else start + 1, end + 1))
    return points


def _check_sizes(ranges: Iterable[tuple[int, int]]) -> None:
    """Raise ValueError if the ranges of a damaged or hostile font hold more characters than Unicode has."""
    if sum(max(end - start + 1, 0) for start, end in ranges) > _CODE_POINTS:
        raise ValueError("the font's cmap maps more characters than Unicode has")


def _ranges(points: set[int]) -> Coverage:
    ordered = sorted(points)
    starts = [point for point in ordered if point - 1 not in points]
    ends = [point for point in ordered if point + 1 not in points]
    return Coverage(tuple(starts), tuple(ends))
