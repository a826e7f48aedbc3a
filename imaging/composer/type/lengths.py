"""Copy at several lengths: which is tried first, and what is said where none fits."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import Final, get_args

from schemas.brands import Copy, CopySlot
from schemas.errors import InvalidRequest
from schemas.images import Size

SLOTS: Final[tuple[CopySlot, ...]] = get_args(CopySlot)
_TRIED: Final = 24
"""Combinations of lengths that are tried at the most."""


def lengths(copy: Copy) -> tuple[Copy, ...]:
    """`copy` with its lines at every combination of their lengths, the longest copy first."""
    if not copy.shorter:
        return (copy,)
    choices = [(getattr(copy, slot), *copy.shorter.get(slot, ())) for slot in SLOTS]
    sets = sorted(product(*choices), key=lambda texts: -sum(map(len, texts)))
    if len(sets) > _TRIED:  # evenly spaced, the longest and the shortest among them
        step = (len(sets) - 1) / (_TRIED - 1)
        sets = [sets[math.floor(number * step)] for number in range(_TRIED)]
    return tuple(copy.model_copy(update=dict(zip(SLOTS, texts, strict=True))) for texts in sets)


def refusal(copy: Copy, size: Size, fits: Callable[[Copy], bool]) -> InvalidRequest:
    """Why `copy` is refused for an image of `size`: which of its texts would have to be shorter for it to fit."""
    least = lengths(copy)[-1]
    counts = ", ".join(f"{slot.replace('_', ' ')} {len(getattr(least, slot))}" for slot in SLOTS)
    return InvalidRequest(
        f"the copy does not fit {size.width}x{size.height} in any layout at the smallest readable sizes: "
        f"{counts} characters; shorten {_too_long(least, fits)}"
    )


def _too_long(copy: Copy, fits: Callable[[Copy], bool]) -> str:
    """The texts of which any one, cut to its first word, would make the copy fit."""
    guilty = []
    for slot in SLOTS:
        words = getattr(copy, slot).split()
        if words and fits(copy.model_copy(update={slot: words[0][:8], "shorter": {}})):
            guilty.append(f"the {slot.replace('_', ' ')}")
    return " or ".join(guilty) or "several of them"
