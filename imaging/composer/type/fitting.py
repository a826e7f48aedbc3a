"""Fits text into a column by measurement: the largest sizes at which headline, line and button fit together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Final

from imaging.composer.type.line_breaking import BrokenLines, balanced
from imaging.composer.type.measure import Extent, extent
from imaging.composer.type.tokens import tokens
from imaging.composer.type.typography import (
    CALL_FLOOR,
    CALL_LIMIT,
    CALL_TO_HEADLINE,
    HEADLINE_FLOOR,
    LINE_FLOOR,
    LINE_LIMIT,
    LINE_TO_HEADLINE,
    Copytext,
    Wording,
)

_HEADLINE_LINES: Final = 6
_LINE_LINES: Final = 5
_STEP: Final = 0.95
"""How much smaller a headline is tried next when its stack is too high."""
_MORE_LINES_COST: Final = 0.035
"""What one more line must gain in size, as a share of the largest size."""
_RAGGED_COST: Final = 0.15
"""What worse breaks must gain in size, for each point of their cost: a break inside a Japanese phrase costs one."""
_MEASURE: Final = 24.0
"""The longest line of running text, in ems: about 50 Latin letters."""
_SPACES_DROPPED: Final = 1.08
"""How much longer than its lines a text may be, because the spaces at their ends are not drawn."""
_AIR: Final = 0.03
"""Ems that stay free between the ink of one line and that of the next."""
_PADDING: Final = (1.15, 0.72)
"""Padding of a button beside and above its label, in ems."""


@dataclass(frozen=True)
class Fitted:
    """Broken lines at a size (units). `height` is that of their ink."""

    wording: Wording
    lines: tuple[str, ...]
    size: float

    @cached_property
    def extents(self) -> tuple[Extent, ...]:
        """The extent of each line at size 1."""
        return tuple(extent(line, self.wording.voice) for line in self.lines)

    @cached_property
    def leading(self) -> float:
        """From baseline to baseline at size 1: the wording's leading, or more if the ink of two lines would touch."""
        touching = max((above.descent + below.ascent + _AIR for above, below in pairwise(self.extents)), default=0.0)
        return max(self.wording.leading, touching)

    @cached_property
    def width(self) -> float:
        """The width of the widest line, in units."""
        return self.size * max((line.width for line in self.extents), default=0.0)

    @cached_property
    def height(self) -> float:
        """From the top of the first line's ink to the bottom of the last's, in units."""
        if not self.lines:
            return 0.0
        first, last = self.extents[0], self.extents[-1]
        return self.size * (first.ascent + (len(self.lines) - 1) * self.leading + last.descent)


@dataclass(frozen=True, slots=True)
class Stack:
    """Headline, line and button label at sizes that agree."""

    headline: Fitted
    line: Fitted
    call: Fitted
    with_call: bool

    @property
    def gaps(self) -> tuple[float, float]:
        """Units between headline and line, and before the button."""
        return min(max(0.46 * self.headline.size, 20), 52), min(max(0.95 * self.line.size, 24), 46)

    @property
    def button(self) -> tuple[float, float]:
        """Width and height of the button, in units."""
        return button_size(self.call)

    @property
    def height(self) -> float:
        """The whole height in units."""
        line = self.gaps[0] + self.line.height if self.line.lines else 0.0
        button = self.gaps[1] + self.button[1] if self.with_call and self.call.lines else 0.0
        return self.headline.height + line + button


def button_size(call: Fitted) -> tuple[float, float]:
    """Width and height in units of a button with the label `call`."""
    tallest = max((line.ascent + line.descent for line in call.extents), default=0.0)
    height = max(tallest, 1.0) + 2 * _PADDING[1]
    return call.width + 2 * _PADDING[0] * call.size, height * call.size


def fit_stack(copy: Copytext, width: float, height: float, limit: float, *, with_call: bool) -> Stack | None:
    """The stack with the largest headline (at most `limit` units) in `width` x `height`, or None if none fits.

    A headline is hyphenated only if it may be, and if it does not fit otherwise.
    """
    for headline in _unhyphenated_first(copy.headline):
        tried = replace(copy, headline=headline)
        best: tuple[float, Stack] | None = None
        for count in range(1, _HEADLINE_LINES + 1):
            worth = 1 - _MORE_LINES_COST * count
            if best is not None and best[0] >= limit * worth:
                break  # so many lines would not be worth it at the largest size
            lines = _broken(headline, count) if _may_fit(headline, width, HEADLINE_FLOOR, count) else None
            if lines is None:
                continue
            share = worth - _RAGGED_COST * max(lines.cost, 0.0)
            least = 0.0 if best is None else best[0] / share if share > 0 else limit
            if least >= limit:
                continue
            stack = _tallest(tried, width, height, limit, lines.texts, least, with_call=with_call)
            if stack is not None and (best is None or stack.headline.size * share > best[0]):
                best = (stack.headline.size * share, stack)
        if best is not None:
            return best[1]
    return None


def _tallest(
    copy: Copytext, width: float, height: float, limit: float, lines: tuple[str, ...], least: float, *, with_call: bool
) -> Stack | None:
    """The stack with the headline in `lines`, as large as fits; None if that is not more than `least` units.

    `least` is the size above which so many lines are better than those that were found before.
    """
    size = min(limit, width / max(extent(line, copy.headline.voice).width for line in lines))
    while size >= HEADLINE_FLOOR and size > least:
        headline = Fitted(copy.headline, lines, size)
        line = fit_lines(copy.line, width, _between(LINE_TO_HEADLINE * size, LINE_FLOOR, LINE_LIMIT), LINE_FLOOR)
        call = fit_call(copy.call, width, _between(CALL_TO_HEADLINE * size, CALL_FLOOR, CALL_LIMIT))
        if line is None or call is None:
            return None
        stack = Stack(headline, line, call, with_call)
        if stack.height <= height:
            return stack
        size *= _STEP
    return None


@lru_cache(maxsize=4096)
def fit_lines(wording: Wording, width: float, size: float, floor: float, most: int = _LINE_LINES) -> Fitted | None:
    """`wording` in as few even lines as `width` allows at `size`, or at a smaller size down to `floor`.

    It is hyphenated only if it fits at no size otherwise. None if it does not fit.
    """
    if not wording.text:
        return Fitted(wording, (), size)
    tries = (
        _fitted_at(tried, width, step, most) for tried in _unhyphenated_first(wording) for step in _steps(size, floor)
    )
    return next((fitted for fitted in tries if fitted is not None), None)


def _fitted_at(wording: Wording, width: float, size: float, most: int) -> Fitted | None:
    room = min(width, _MEASURE * size)
    for count in (number for number in range(1, most + 1) if _may_fit(wording, room, size, number)):
        lines = _broken(wording, count)
        if lines and max(extent(line, wording.voice).width for line in lines.texts) * size <= room:
            return Fitted(wording, lines.texts, size)
    return None


def _steps(size: float, floor: float) -> Iterator[float]:
    """Sizes from `size` down to `floor`."""
    while size > floor:
        yield size
        size *= _STEP
    yield floor


def _unhyphenated_first(wording: Wording) -> Iterator[Wording]:
    """`wording` with its words whole, and then hyphenated if that changes anything."""
    whole = replace(wording, unbroken=None)
    yield whole
    language = wording.voice.language
    if wording.unbroken is not None and tokens(wording.text, language, wording.unbroken) != tokens(
        wording.text, language
    ):
        yield wording


def _broken(wording: Wording, count: int) -> BrokenLines | None:
    return balanced(wording.text, wording.voice, count, wording.unbroken)


@lru_cache(maxsize=4096)
def fit_call(wording: Wording, width: float, size: float) -> Fitted | None:
    """The button's label on one line, with its padding inside `width`; None if it is too long at the floor size."""
    if not wording.text:
        return Fitted(wording, (), size)
    needed = extent(wording.text, wording.voice).width + 2 * _PADDING[0]
    fitting = min(size, width / needed)
    return Fitted(wording, (wording.text,), fitting) if fitting >= CALL_FLOOR else None


def _may_fit(wording: Wording, width: float, size: float, count: int) -> bool:
    """Whether `count` lines could hold the text at all; if not, the search for breaks is skipped."""
    return extent(wording.text, wording.voice).advance * size <= count * width * _SPACES_DROPPED


def _between(value: float, least: float, most: float) -> float:
    return min(max(value, least), most)
