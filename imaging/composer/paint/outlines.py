"""Outlines as points in units: windows, panels, buttons and stars."""

from __future__ import annotations

import numpy as np

from imaging.composer.layouts.plan import Corner
from imaging.composer.scene.geometry import Rect
from imaging.pixels import Doubles

Outline = Doubles

_TURNS = np.linspace(0, np.pi / 2, 24) + np.arange(4)[:, None] * np.pi / 2
_QUARTERS = np.stack((np.cos(_TURNS), np.sin(_TURNS)), axis=2)
"""The four quarters of a circle of radius 1, from the lower right one on."""
_LEAN = 0.16
"""How much of its height (or width, where it is higher than wide) a diagonal window loses on one side."""
_GUTTER = 12.0
"""Units between the tiles of a grid."""
_POINTS = 20
"""Points of a star."""


def outlines(window: Rect, corner: Corner, *, mirrored: bool) -> tuple[Outline, ...]:
    """The outlines of `window`, several for a grid; `mirrored` exchanges the ends of a diagonal."""
    if corner == "grid":
        return _tiles(window)
    if corner == "diagonal":
        return (_leaning(window, mirrored=mirrored),)
    if corner == "circle":
        return (_disc(window),)
    if corner == "arch":
        return (arch(window),)
    return (rounded(window, 26 if corner == "rounded" else 0.5),)


def rounded(box: Rect, radius: float) -> Outline:
    """The outline of a rectangle with round corners, as points in units."""
    radius = min(radius, box.width / 2, box.height / 2)
    left, top, right, bottom = box.left + radius, box.top + radius, box.right - radius, box.bottom - radius
    corners = np.array(((right, bottom), (left, bottom), (left, top), (right, top)))
    return np.asarray((corners[:, None] + radius * _QUARTERS).reshape(-1, 2), np.float64)


def arch(box: Rect) -> Outline:
    """The outline of a window with a round top."""
    radius = min(box.width / 2, box.height)
    turns = np.linspace(np.pi, 2 * np.pi, 64)
    top = np.stack((box.centre[0] + box.width / 2 * np.cos(turns), box.top + radius + radius * np.sin(turns)), axis=1)
    return np.concatenate((top, [(box.right, box.bottom), (box.left, box.bottom)]))


def arrow(box: Rect, *, mirrored: bool) -> Outline:
    """An arrow to the right (mirrored: to the left) that fills `box`, its strokes a seventh of its height thick."""
    middle, half = box.centre[1], box.height / 2
    thick = box.height / 7
    slant = thick * 2**0.5
    points = np.array(
        (
            (0.0, -thick / 2), (-half + slant / 2, -thick / 2), (-half - slant / 2, -half + slant / 2),
            (-half, -half), (0.0, 0.0),
        )
    )  # fmt: skip
    upper = np.array(((box.left, middle - thick / 2), *((box.right + x, middle + y) for x, y in points[1:])))
    upper[1, 0] = box.right - thick * 1.2
    lower = upper[::-1] * (1, -1) + (0, 2 * middle)
    shape = np.concatenate((upper, lower))
    if mirrored:
        shape[:, 0] = box.left + box.right - shape[:, 0]
    return shape


def star(centre: tuple[float, float], radius: float, waist: float) -> Outline:
    """A star whose inner points lie at `waist` (0 to 1) of `radius`."""
    turns = np.linspace(0, 2 * np.pi, 2 * _POINTS, endpoint=False)
    reach = np.where(np.arange(2 * _POINTS) % 2 == 0, radius, radius * waist)
    return np.stack((centre[0] + reach * np.cos(turns), centre[1] + reach * np.sin(turns)), axis=1)


def _disc(window: Rect) -> Outline:
    turns = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    radius = min(window.width, window.height) / 2
    return np.stack((window.centre[0] + radius * np.cos(turns), window.centre[1] + radius * np.sin(turns)), axis=1)


def _leaning(window: Rect, *, mirrored: bool) -> Outline:
    """The window with one edge slanted: the lower edge, or the inner one where it reaches from head to foot."""
    left, top, right, bottom = window.left, window.top, window.right, window.bottom
    if left <= 0 and right >= 1000:  # noqa: PLR2004 - the width in units
        slant = _LEAN * window.height
        ends = (bottom - slant, bottom) if mirrored else (bottom, bottom - slant)
        return np.array(((left, top), (right, top), (right, ends[1]), (left, ends[0])))
    slant = _LEAN * window.width
    if left > 0:
        return np.array(((left + slant, top), (right, top), (right, bottom), (left, bottom)))
    return np.array(((left, top), (right - slant, top), (right, bottom), (left, bottom)))


def _tiles(window: Rect) -> tuple[Outline, ...]:
    """Three by two tiles, or as many as make them about square."""
    columns = 3
    rows = max(round(window.height / (window.width / columns)), 2)
    wide, high = (window.width + _GUTTER) / columns, (window.height + _GUTTER) / rows
    return tuple(
        rounded(
            Rect(
                left=window.left + column * wide,
                top=window.top + row * high,
                right=window.left + (column + 1) * wide - _GUTTER,
                bottom=window.top + (row + 1) * high - _GUTTER,
            ),
            16,
        )
        for row in range(rows)
        for column in range(columns)
    )
