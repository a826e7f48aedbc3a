"""Places copy on a finished image: where the old text was, or else where the image is calmest."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from imaging.composer.edits.copy_space import CopySpace
from imaging.composer.layouts.plan import WIDE_ABOVE
from imaging.composer.scene.arrange import LOGO_AREA, Align, block_at
from imaging.composer.scene.geometry import WIDTH, Rect, bounds, clear_space
from imaging.composer.scene.product_place import CLEAR
from imaging.composer.scene.scene import TextBlock
from imaging.composer.type.fitting import Fitted, Stack, button_size, fit_lines, fit_stack
from imaging.composer.type.typography import LEGAL_FLOOR, LEGAL_LIMIT, Copytext

_LARGEST: Final = 0.084
"""The largest headline over an image, as a share of the mean of its width and height."""
_MEANT: Final = 0.6
"""The least size of a headline in the old place, as a share of its size in the calmest place."""
_SPANS: Final = ((0.0, 0.34), (0.66, 1.0), (0.0, 0.45), (0.55, 1.0), (0.0, 0.6), (0.4, 1.0), (0.0, 1.0))
_COLUMNS: Final = ((0.0, 1.0), (0.0, 0.62), (0.38, 1.0), (0.0, 0.48), (0.52, 1.0))
"""Heights and widths of the free area that are tried as the copy's column."""
_OVER_PRODUCT: Final = 6.0
"""What it costs to cover a product, in multiples of the image's mean detail."""
_OVER_FACE: Final = 12.0
"""What it costs to hide a face, in the same unit."""
_SIZE_WORTH: Final = 2.0
"""What the largest headline is worth, in the same unit."""
_HEAD: Final = 0.5
"""What it costs to be in the upper half, where faces usually are."""
_APART: Final = 0.8
"""What it costs to be on the other side than the legal text, which then needs a veil of its own."""
_UNEVEN: Final = 6.0
"""What tones cost that differ as black and white do: they need a strong veil."""
_VEILED: Final = 4.0
"""What it costs to reach from the nearest edge over the whole image: a veil would cover all of it."""
_LEGAL_LINES: Final = 4
_NEAR_EDGE: Final = 30.0
"""Units from the edge of the safe area within which small print moves to that edge, where the copy begins."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Texts, the box of the button, and the logo if one was wanted."""

    blocks: tuple[TextBlock, ...]
    button: Rect | None
    logo: Rect | None


def place(copy: Copytext, space: CopySpace, logo_aspect: float | None) -> Placed | None:
    """The places of all texts that are not empty, or None if they do not fit at the smallest readable sizes.

    `logo_aspect` is the width over height of a logo to be placed too, or None.
    """
    logo = None if logo_aspect is None else _corner(space, logo_aspect)
    taken = space.spared if logo is None else (*space.spared, clear_space(logo).grown(1.2 * CLEAR))
    legal = small_print(copy, space, taken)
    if legal is None:
        return None
    if legal.lines:
        taken = (*taken, legal.box.grown(1.4 * CLEAR))
    found = _column(copy, space, taken)
    if found is None:
        return None
    column, stack = found
    blocks, button = _stacked(stack, column, space)
    return Placed(tuple(block for block in (*blocks, legal) if block.lines), button, logo)


def _column(copy: Copytext, space: CopySpace, taken: Sequence[Rect]) -> tuple[Rect, Stack] | None:
    """The column of the copy with its stack."""
    limit = _LARGEST * (WIDTH + space.height) / 2
    rated = []
    for column in _columns(space, taken):
        stack = fit_stack(copy, column.width, column.height, limit, with_call=True)
        if stack is not None:
            rated.append((_cost(column, stack, space, limit), column.top, column.left, column, stack))
    best = min(rated, key=lambda one: one[:3], default=None)
    old = _old_place(copy, space, taken, limit)
    if old is not None and (best is None or old[1].headline.size >= _MEANT * best[4].headline.size):
        return old
    return None if best is None else (best[3], best[4])


def _old_place(copy: Copytext, space: CopySpace, taken: Sequence[Rect], limit: float) -> tuple[Rect, Stack] | None:
    """The place of the old text, if the copy fits there."""
    bounds = space.text_place
    if bounds is None:
        return None
    bounds = bounds.within(space.safe)
    if bounds.width <= 0 or bounds.height <= 0:
        return None
    for box in (*taken, *space.missed):
        if bounds.overlaps(box):
            bounds = _beside(bounds, box)
    stack = fit_stack(copy, bounds.width, bounds.height, limit, with_call=True)
    return None if stack is None else (bounds, stack)


def _columns(space: CopySpace, taken: Sequence[Rect]) -> Iterator[Rect]:
    """Candidate columns of the safe area, without what is taken."""
    for left, right in _COLUMNS:
        for top, bottom in _SPANS:
            column = space.safe.part(left, top, right, bottom)
            for box in taken:
                if column.overlaps(box):
                    column = _beside(column, box)
            if column.width > 0 and column.height > 0:
                yield column


def _beside(column: Rect, box: Rect) -> Rect:
    """The largest part of `column` above, below or beside `box`."""
    parts = (
        {"bottom": min(column.bottom, box.top)},
        {"top": max(column.top, box.bottom)},
        {"right": min(column.right, box.left)},
        {"left": max(column.left, box.right)},
    )
    cut = [column.model_copy(update=part) for part in parts]
    return max(cut, key=lambda part: max(part.width, 0) * max(part.height, 0))


def _cost(column: Rect, stack: Stack, space: CopySpace, limit: float) -> float:
    """The cost of this column: detail behind the copy, what the copy hides, a small headline."""
    blocks, button = _stacked(stack, column, space)
    boxes = [block.box for block in blocks if block.lines] + ([button] if button else [])
    around = bounds(boxes)
    hidden = max((_share(around, product) for product in space.missed), default=0.0)
    effaced = max((_share(face, around) for face in space.faces), default=0.0)
    worth = _SIZE_WORTH * stack.headline.size / limit
    busy = space.detail.relative_detail(around) + _UNEVEN * space.detail.tone_spread(around)
    spoilt = _OVER_PRODUCT * hidden + _OVER_FACE * effaced
    return busy + spoilt + _reach(around, space) - worth


def _reach(around: Rect, space: CopySpace) -> float:
    """The cost of the veil behind the copy, which begins at the nearest edge of the image."""
    if space.height < WIDTH / WIDE_ABOVE:
        started = around.centre[0] < WIDTH / 2
        across = around.right if started else WIDTH - around.left
        return _VEILED * across / WIDTH + (_APART if started == space.rtl else 0.0)
    high = around.centre[1] < space.height / 2
    down = around.bottom if high else space.height - around.top
    beside = WIDTH - around.right if space.rtl else around.left
    return _VEILED * down / space.height + (_HEAD if high else 0.0) + (_APART if beside > WIDTH / 4 else 0.0)


def _share(box: Rect, other: Rect) -> float:
    """The share of `box` that lies on `other`."""
    seen = box.within(other)
    return max(seen.width, 0) * max(seen.height, 0) / (box.width * box.height)


def _stacked(stack: Stack, column: Rect, space: CopySpace) -> tuple[tuple[TextBlock, ...], Rect | None]:
    """The stack in its column: at the column's end that is nearer to an edge of the image."""
    align = space.align
    middle = column.centre[1] / space.height
    share = 0.0 if middle < 0.45 else 1.0 if middle > 0.55 else 0.5  # noqa: PLR2004 - head, foot or middle
    top = column.top + (column.height - stack.height) * share
    headline = block_at("headline", stack.headline, column, top, align)
    line = block_at("line", stack.line, column, headline.box.bottom + (stack.gaps[0] if stack.line.lines else 0), align)
    if not stack.call.lines:
        return (headline, line), None
    label, button = _button(stack.call, column, line.box.bottom + stack.gaps[1], align)
    return (headline, line, label), button


def _button(call: Fitted, column: Rect, top: float, align: Align) -> tuple[TextBlock, Rect]:
    width, height = button_size(call)
    left = {"left": column.left, "right": column.right - width, "centre": column.centre[0] - width / 2}[align]
    box = Rect(left=left, top=top, right=left + width, bottom=top + height)
    return block_at("call_to_action", call, box, top + (height - call.height) / 2, "centre"), box


def _corner(space: CopySpace, aspect: float) -> Rect:
    """The logo in the calmest corner of the safe area; the corner where lines begin, at the top, is preferred."""
    area = LOGO_AREA * min(1.0, space.height / WIDTH)
    width = min(0.45 * space.safe.width, math.sqrt(area * aspect), 0.16 * space.safe.height * aspect)
    height = width / aspect
    safe = space.safe
    sides = (safe.left, safe.right - width)
    lefts = sides[::-1] if space.rtl else sides
    boxes = [
        Rect(left=left, top=top, right=left + width, bottom=top + height)
        for top in (safe.top, safe.bottom - height)
        for left in lefts
    ]

    def cost(index: int) -> tuple[float, int]:
        box = clear_space(boxes[index])
        hidden = max((_share(box, other) for other in (*space.missed, *space.spared, *space.faces)), default=0.0)
        return space.detail.relative_detail(box) + _OVER_PRODUCT * hidden + 0.5 * (index // 2) + 0.2 * (
            index % 2
        ), index

    return boxes[min(range(len(boxes)), key=cost)]


def small_print(copy: Copytext, space: CopySpace, taken: Sequence[Rect]) -> TextBlock | None:
    """The legal text at its old place, else at the bottom of the safe area, else at its top."""
    align: Align = "right" if space.rtl else "left"
    fitted = fit_lines(copy.legal, space.safe.width, LEGAL_LIMIT, LEGAL_FLOOR, _LEGAL_LINES)
    if fitted is None:
        return None
    places = [(space.safe, space.safe.bottom - fitted.height), (space.safe, space.safe.top)]
    if space.legal is not None:
        places.insert(0, _old_line(space.legal, fitted, space))
    blocks = [block_at("legal", fitted, column, top, align) for column, top in places]
    free = [block for block in blocks if not any(block.box.overlaps(box) for box in taken)]
    return next(iter(free), None)


def _old_line(old: Rect, fitted: Fitted, space: CopySpace) -> tuple[Rect, float]:
    """The old place of small print, moved into the safe area: its column and its top."""
    safe = space.safe
    top = max(min(old.bottom, safe.bottom) - fitted.height, safe.top)
    if space.rtl:
        right = safe.right if safe.right - old.right < _NEAR_EDGE else old.right
        return safe.model_copy(update={"right": max(right, safe.left + fitted.width)}), top
    left = safe.left if old.left - safe.left < _NEAR_EDGE else old.left
    return safe.model_copy(update={"left": min(left, safe.right - fitted.width)}), top
