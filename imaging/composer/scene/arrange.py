"""Fills a layout: gives copy, logo and product their places. Colours are chosen later, by measurement."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from imaging.composer.layouts import LAYOUT_BY_NAME
from imaging.composer.layouts.plan import Area, Plan
from imaging.composer.scene.axes import Axes
from imaging.composer.scene.geometry import WIDTH, Rect, canvas, clear_space
from imaging.composer.scene.product_place import CLEAR, ROUNDING, disc_in, fit_product, free_slot, mirrored_product
from imaging.composer.scene.scene import TextBlock, TextLine
from imaging.composer.type.fitting import Fitted, Stack, button_size, fit_call, fit_lines, fit_stack
from imaging.composer.type.measure import hang
from imaging.composer.type.typography import LEGAL_FLOOR, LEGAL_LIMIT, Copytext
from schemas.images import Role

LOGO_AREA: Final = 21_000.0
"""Square units that a logo covers at most: 290 x 72 for a wordmark of 4 to 1."""
_RULE_ABOVE: Final = 30.0
"""Units from a rule down to the headline under it."""
_LEGAL_LINES: Final = 4
_APART: Final = 8.0
"""Units between two texts, or a text and a button, at the least."""
_ARROW: Final = 1.05
_ARROW_LENGTH: Final = 0.92
_ARROW_INSET: Final = 0.95
"""What an arrow adds to a button's width, its own length, and its distance from the button's end, in ems."""
Align = Literal["left", "centre", "right"]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The places of all parts, in units."""

    plan: Plan
    blocks: tuple[TextBlock, ...]
    button: Rect
    logo: Rect
    product: Rect | None
    window: Rect
    disc: Rect | None
    rule: Rect | None
    panel: Rect | None = None
    mark: Rect | None = None
    arrow: Rect | None = None
    reflection: float = 0.0


@dataclass(frozen=True, slots=True)
class PlacedButton:
    """The button: its label, its ground, and its arrow where there is room."""

    label: TextBlock
    box: Rect
    arrow: Rect | None


@dataclass(frozen=True, slots=True)
class Page:
    """What a plan is laid out on: the image, its safe area, and whether left and right are exchanged (`flipped`)."""

    whole: Rect
    safe: Rect
    flipped: bool
    rtl: bool

    def in_safe(self, slot: Area) -> Rect:
        """The rectangle of an area of the safe area."""
        return self.safe.part(*self._turned(slot))

    def in_whole(self, slot: Area) -> Rect:
        """The rectangle of an area of the image."""
        return self.whole.part(*self._turned(slot))

    def align(self, plan: Plan) -> Align:
        """Where lines begin."""
        return "centre" if plan.align == "centre" else "right" if self.rtl else "left"

    def _turned(self, slot: Area) -> Area:
        return Area(1 - slot.right, slot.top, 1 - slot.left, slot.bottom) if self.flipped else slot


def arrange(
    axes: Axes,
    copy: Copytext,
    safe: Rect,
    *,
    rtl: bool,
    logo_aspect: float,
    product_aspect: float | None,
    mirrors: bool = False,
) -> Arrangement | None:
    """The scene's geometry, or None if the copy does not fit this layout at the floor sizes.

    `mirrors` says whether a floor may mirror the product.
    """
    layout = LAYOUT_BY_NAME[axes.layout]
    plan = layout.plan(WIDTH / axes.height)
    page = Page(canvas(axes.height), safe, flipped=(axes.flipped and layout.flips) != rtl, rtl=rtl)
    logo = _logo(plan, page, logo_aspect)
    texts = _texts(plan, copy, page, logo, plan.headline * axes.type_scale, pointed=axes.button != "square")
    if texts is None:
        return None
    blocks, call = texts
    button = call.box
    grounds = [button if block.role == "call_to_action" else block.box for block in blocks]
    if _collide((*grounds, logo), safe):
        return None
    obstacles = (*(block.box for block in blocks), button, logo)
    slot = free_slot(page.in_whole(plan.product), obstacles, product_aspect, plan, axes.zoom)
    product, reflection = None, 0.0
    if slot is not None and product_aspect is not None:
        product = fit_product(slot, product_aspect, plan, axes.zoom)
        if plan.floor and mirrors:
            product, reflection = mirrored_product(slot, obstacles, product_aspect, plan, axes.zoom, axes.height)
    return Arrangement(
        plan=plan,
        blocks=blocks,
        button=button,
        logo=logo,
        product=product,
        reflection=reflection,
        window=page.in_whole(plan.window),
        disc=None if plan.disc is None or slot is None else disc_in(page.in_whole(plan.disc), slot, axes.height),
        rule=_rule(blocks, page) if plan.rule else None,
        panel=None if plan.panel is None else page.in_whole(plan.panel),
        mark=None if plan.mark is None else page.in_whole(plan.mark),
        arrow=call.arrow,
    )


def _collide(boxes: tuple[Rect, ...], free: Rect) -> bool:
    """Whether two boxes nearly touch, or one leaves the free area: then the layout does not suit this copy."""
    outside = free.grown(ROUNDING)
    if any(box.within(outside) != box for box in boxes):
        return True
    around = [box.grown(_APART) for box in boxes]
    return any(box.overlaps(wide) for at, wide in enumerate(around) for box in boxes[:at])


def _texts(
    plan: Plan, copy: Copytext, page: Page, logo: Rect, limit: float, *, pointed: bool
) -> tuple[tuple[TextBlock, ...], PlacedButton] | None:
    """Every text that is not empty, and the button; None if they do not fit."""
    legal = _legal(plan, copy, page)
    if legal is None:
        return None
    column = _column(plan, page, legal.box if legal.lines else None, logo)
    stack = fit_stack(copy, column.width, column.height, limit, with_call=plan.call is None)
    if stack is None:
        return None
    blocks, foot = _stacked(stack, column, plan, page)
    call = (
        _call_in(column, stack.call, foot, page, plan, pointed=pointed)
        if plan.call is None
        else _call_apart(plan, copy, page, stack, pointed=pointed)
    )
    if call is None:
        return None
    return tuple(block for block in (*blocks, call.label, legal) if block.lines), call


def block_at(role: Role, fitted: Fitted, column: Rect, top: float, align: Align, free: Rect | None = None) -> TextBlock:
    """`fitted` as a block whose ink begins at `top`, aligned in `column`.

    With `free`, punctuation may hang out of the column, as far as the edges of `free`.
    """
    baseline, lines, lefts, rights = top, [], [], []
    for index, (line, size) in enumerate(zip(fitted.lines, fitted.extents, strict=True)):
        baseline = top + fitted.size * size.ascent if index == 0 else baseline + fitted.size * fitted.leading
        left = _aligned(column, size.width * fitted.size, align)
        if free is not None:
            left += _hung(left, size.width * fitted.size, _hangs(line, fitted), align, free)
        lines.append(TextLine(text=line, left=left - size.left * fitted.size, baseline=baseline))
        lefts.append(left)
        rights.append(left + size.width * fitted.size)
    box = Rect(
        left=min(lefts, default=column.left),
        top=top,
        right=max(rights, default=column.left),
        bottom=top + fitted.height,
    )
    voice = fitted.wording.voice
    return TextBlock(role=role, lines=tuple(lines), box=box, family=voice.family, weight=voice.weight, size=fitted.size)


def _hangs(line: str, fitted: Fitted) -> tuple[float, float]:
    """By how many units punctuation may stick out on the left and on the right."""
    left, right = hang(line, fitted.wording.voice)
    return left * fitted.size, right * fitted.size


def _hung(left: float, width: float, hangs: tuple[float, float], align: Align, free: Rect) -> float:
    """How far a line is moved so that its letters, not its punctuation, align; limited by `free`."""
    moved = {"left": -hangs[0], "right": hangs[1], "centre": (hangs[1] - hangs[0]) / 2}[align]
    return max(moved, min(free.left - left, 0.0)) if moved < 0 else min(moved, max(free.right - left - width, 0.0))


def _aligned(column: Rect, width: float, align: Align) -> float:
    if align == "centre":
        return (column.left + column.right - width) / 2
    return column.left if align == "left" else column.right - width


def _legal(plan: Plan, copy: Copytext, page: Page) -> TextBlock | None:
    slot = page.in_safe(plan.legal)
    fitted = fit_lines(copy.legal, slot.width, LEGAL_LIMIT, LEGAL_FLOOR, _LEGAL_LINES)
    if fitted is None:
        return None
    return block_at("legal", fitted, slot, slot.bottom - fitted.height, page.align(plan), page.safe)


def _column(plan: Plan, page: Page, legal: Rect | None, logo: Rect) -> Rect:
    """The copy's area without what logo and legal text take of it."""
    column = page.in_safe(plan.copy)
    if legal is not None and legal.top < column.bottom:
        column = column.model_copy(update={"bottom": legal.top - CLEAR})
    kept = clear_space(logo)
    beside = kept.right <= column.left or column.right <= kept.left
    if not beside and logo.top > column.centre[1]:
        return column.model_copy(update={"bottom": min(column.bottom, kept.top - CLEAR)})
    above = logo.bottom < column.centre[1] and not beside
    rule = _RULE_ABOVE if plan.rule and above else 0.0
    return column.model_copy(update={"top": max(column.top, kept.bottom + CLEAR + rule)}) if above else column


def _call_apart(plan: Plan, copy: Copytext, page: Page, stack: Stack, *, pointed: bool) -> PlacedButton | None:
    """The button in an area of its own; None if its label is too long for it."""
    slot = page.in_safe(plan.call or plan.copy)
    fitted = fit_call(copy.call, slot.width, stack.call.size)
    if fitted is None:
        return None
    return _call_in(slot, fitted, slot.centre[1] - button_size(fitted)[1] / 2, page, plan, pointed=pointed)


def _call_in(column: Rect, call: Fitted, top: float, page: Page, plan: Plan, *, pointed: bool) -> PlacedButton:
    """The label and its button, whose upper edge is at `top`. If `pointed`, it has an arrow where there is room."""
    width, height = button_size(call)
    arrow = _ARROW * call.size
    pointed = pointed and bool(call.lines) and width + arrow <= column.width
    whole = width + arrow if pointed else width
    left = _aligned(column, whole, page.align(plan))
    box = Rect(left=left, top=top, right=left + whole, bottom=top + height)
    words = box if not pointed else box.moved(arrow / 2 if page.rtl else -arrow / 2, 0)
    label = block_at("call_to_action", call, words, top + (height - call.height) / 2, "centre")
    return PlacedButton(label, box, _arrow_in(box, call.size, rtl=page.rtl) if pointed else None)


def _arrow_in(box: Rect, size: float, *, rtl: bool) -> Rect:
    """The place of an arrow at the far end of a button whose label has this size."""
    edge = box.left + _ARROW_INSET * size if rtl else box.right - (_ARROW_INSET + _ARROW_LENGTH) * size
    half = 0.36 * size
    middle = box.centre[1]
    return Rect(left=edge, top=middle - half, right=edge + _ARROW_LENGTH * size, bottom=middle + half)


def _stacked(stack: Stack, column: Rect, plan: Plan, page: Page) -> tuple[tuple[TextBlock, TextBlock], float]:
    """Headline and line in their column, and the top of a button below them."""
    spare = column.height - stack.height
    top = column.top + spare * {"top": 0.0, "middle": 0.5, "bottom": 1.0}[plan.anchor]
    align = page.align(plan)
    headline = block_at("headline", stack.headline, column, top, align, page.safe)
    below = headline.box.bottom + (stack.gaps[0] if stack.line.lines else 0.0)
    line = block_at("line", stack.line, column, below, align, page.safe)
    return (headline, line), line.box.bottom + stack.gaps[1]


def _logo(plan: Plan, page: Page, aspect: float) -> Rect:
    slot = page.in_safe(plan.logo)
    across = 0.5 if plan.logo_align == "centre" else float((plan.logo_align == "end") != page.flipped)
    area = LOGO_AREA * min(1.0, page.whole.height / WIDTH)
    width = min(slot.width, slot.height * aspect, math.sqrt(area * aspect))
    down = (slot.height - width / aspect) * 0.5 if plan.logo_align == "centre" else 0.0
    left = slot.left + (slot.width - width) * across
    return Rect(left=left, top=slot.top + down, right=left + width, bottom=slot.top + down + width / aspect)


def _rule(blocks: tuple[TextBlock, ...], page: Page) -> Rect:
    headline = next(block.box for block in blocks if block.role == "headline")
    left = headline.right - 84 if page.rtl else headline.left
    top = headline.top - _RULE_ABOVE
    return Rect(left=left, top=top, right=left + 84, bottom=top + 4)
