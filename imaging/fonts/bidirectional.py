"""Embedding levels of mixed left-to-right and right-to-left text.

These are the implicit rules of UAX #9 (W1 to W7, N1, N2, I1, I2 and L2). Explicit embeddings are not supported:
invisible format characters are removed from text before.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TypeVar

Piece = TypeVar("Piece")


def levels(text: str, *, rtl: bool) -> list[int]:
    """One embedding level for each character: even reads left to right, odd right to left."""
    types = _weak(text, "R" if rtl else "L")
    base = int(rtl)
    sides = _sides(types, "R" if rtl else "L")
    result = []
    for kind, side in zip(types, sides, strict=True):
        if side == "R":
            result.append(2 if kind in {"EN", "AN"} else 1)
        else:
            result.append(0 if base == 0 else 2)
    return result


def visual_order(pieces: Sequence[Piece], piece_levels: Sequence[int]) -> list[Piece]:
    """`pieces` in their order from left to right (rule L2)."""
    order = list(range(len(pieces)))
    for level in range(max(piece_levels, default=0), 0, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and piece_levels[order[end]] >= level:
                end += 1
            order[start:end] = order[start:end][::-1]
            start = max(end, start + 1)
    return [pieces[index] for index in order]


def _weak(text: str, base: str) -> list[str]:
    """Types after rules W1 to W7: only L, R, EN, AN and ON are left."""
    types: list[str] = []
    strong = base
    for character in text:
        kind = unicodedata.bidirectional(character) or "L"
        if kind == "NSM":
            kind = types[-1] if types else base
        if kind in {"L", "R", "AL"}:
            strong = kind
        if kind == "EN":
            kind = "AN" if strong == "AL" else "L" if strong == "L" else "EN"
        types.append("R" if kind == "AL" else kind)
    for index in range(1, len(types) - 1):
        before, after = types[index - 1], types[index + 1]
        if types[index] in {"CS", "ES"} and before == after and before in {"EN", "AN", "L"}:
            types[index] = before
    numbers = {"EN", "AN"}
    for index, kind in enumerate(types):
        if kind == "ET":
            near = types[max(index - 1, 0) : index] + types[index + 1 : index + 2]
            types[index] = next((other for other in near if other in numbers), "ON")
    return [kind if kind in {"L", "R", "EN", "AN"} else "ON" for kind in types]


def _sides(types: list[str], base: str) -> list[str]:
    """The direction of each character, neutrals taking that of their neighbours where both agree."""
    sides = ["R" if kind in {"R", "EN", "AN"} else kind for kind in types]
    index = 0
    while index < len(sides):
        end = index
        while end < len(sides) and sides[end] == "ON":
            end += 1
        if end > index:
            before = sides[index - 1] if index else base
            after = sides[end] if end < len(sides) else base
            sides[index:end] = [before if before == after else base] * (end - index)
        index = end + 1
    return sides
