"""The legal text given its place on a finished image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from imaging.composer.edits.ground import Ground
from imaging.composer.scene.arrange import Align, block_at
from imaging.composer.scene.geometry import Rect
from imaging.composer.scene.scene import TextBlock
from imaging.composer.type.fitting import Fitted, fit_lines
from imaging.composer.type.typography import LEGAL_FLOOR, LEGAL_LIMIT, Copytext

_LINES: Final = 4
_NEAR: Final = 30.0
"""Units from the edge of the safe area within which small print begins on that edge, as the copy does."""


def small_print(copy: Copytext, ground: Ground, taken: Sequence[Rect]) -> TextBlock | None:
    """The legal text where it stood, or at the foot of the safe area, or at its head where something is in the way."""
    align: Align = "right" if ground.rtl else "left"
    fitted = fit_lines(copy.legal, ground.safe.width, LEGAL_LIMIT, LEGAL_FLOOR, _LINES)
    if fitted is None:
        return None
    places = [(ground.safe, ground.safe.bottom - fitted.height), (ground.safe, ground.safe.top)]
    if ground.legal is not None:
        places.insert(0, _old_line(ground.legal, fitted, ground))
    blocks = [block_at("legal", fitted, column, top, align) for column, top in places]
    free = [block for block in blocks if not any(block.box.overlaps(box) for box in taken)]
    return next(iter(free), None)


def _old_line(old: Rect, fitted: Fitted, ground: Ground) -> tuple[Rect, float]:
    """Where small print stood: the column in which it stands again, and its top; moved into the safe area."""
    safe = ground.safe
    top = max(min(old.bottom, safe.bottom) - fitted.height, safe.top)
    if ground.rtl:
        right = safe.right if safe.right - old.right < _NEAR else old.right
        return safe.model_copy(update={"right": max(right, safe.left + fitted.width)}), top
    left = safe.left if old.left - safe.left < _NEAR else old.left
    return safe.model_copy(update={"left": min(left, safe.right - fitted.width)}), top
