"""A hot-air balloon with striped gores, flying; light from the top left."""

from __future__ import annotations

import numpy as np
from PIL import Image

from brand_art.canvas import Canvas
from brand_art.paints import Field, Linear, Radial, mix
from brand_art.palettes import FARHOLM, SHADE, WHITE
from brand_art.shapes import Path, ellipse, moved, polygon, rounded, smooth

_CENTRE = 330.0
_TOP, _MOUTH = 10.0, 652.0
_GORES = 12
_PROFILE = smooth(
    [(10, 0), (16, 70), (56, 172), (130, 252), (220, 300), (310, 313), (410, 287), (500, 226), (580, 148), (652, 78)],
    closed=False,
)
"""Heights (units from the top) and the half width of the envelope there."""
_COLOURS = (FARHOLM.accent, FARHOLM.paper, FARHOLM.primary, FARHOLM.secondary)


def draw() -> Image.Image:
    """The balloon, about 630 by 900 pixels."""
    canvas = Canvas(660, 920)
    _ropes(canvas)
    _flame(canvas)
    _basket(canvas)
    _inside(canvas)
    envelope = canvas.mask(_between(-90, 90))
    _gores(canvas)
    _band(canvas, envelope)
    _light(canvas, envelope)
    _skirt(canvas)
    return canvas.finished()


def _on_envelope(degrees: Path | float, height: Path | float) -> Path:
    """Points on the envelope at an angle from the middle (-90 left rim, 90 right rim) and a height."""
    width = np.interp(height, _PROFILE[:, 0], _PROFILE[:, 1])
    across, down = np.broadcast_arrays(_CENTRE + width * np.sin(np.radians(degrees)), height)
    return np.stack([across, down], axis=1)


def _meridian(degrees: float) -> Path:
    share = (1 - np.cos(np.linspace(0, np.pi, 160))) / 2
    return _on_envelope(degrees, _TOP + (_MOUTH - _TOP) * share)


def _between(left: float, right: float) -> Path:
    return np.concatenate([_meridian(left), _meridian(right)[::-1]])


def _gores(canvas: Canvas) -> None:
    step = 180 / _GORES
    for index in range(_GORES):
        left = -90 + index * step
        gore = canvas.mask(_between(left, left + step + 0.6))
        canvas.paint(gore, _COLOURS[index % len(_COLOURS)])
    for index in range(_GORES):
        left = -90 + index * step
        gore = canvas.mask(_between(left, left + step))
        canvas.inner(gore, SHADE, (5, 0), 6, 0.22)
        canvas.inner(gore, WHITE, (-4, 0), 5, 0.3)


def _band(canvas: Canvas, envelope: Field) -> None:
    """A zigzag belt around the widest part."""
    angles = np.linspace(-90, 90, 181)
    upper, lower = _on_envelope(angles, 268.0), _on_envelope(angles, 392.0)
    upper[:, 1] += 16 * np.cos(np.radians(angles))
    lower[:, 1] += 20 * np.cos(np.radians(angles))
    belt = canvas.mask(np.concatenate([upper, lower[::-1]])) * envelope
    canvas.paint(belt, FARHOLM.primary)
    for index in range(-6, 6):
        left, middle, right = (index * 15.0 + offset for offset in (0, 7.5, 15))
        drop = 18 * float(np.cos(np.radians(middle)))
        low = _on_envelope(np.array([left, right]), np.array([374 + drop, 374 + drop]))
        high = _on_envelope(np.array([middle]), np.array([286 + drop]))
        canvas.paint(canvas.mask(np.concatenate([low, high])) * belt, "#ffd08a")
        inner = np.concatenate([low, moved(high, 0, 40)])
        canvas.paint(canvas.mask(inner) * belt, FARHOLM.accent)
    for edge in (upper, lower):
        canvas.paint(canvas.stroke(edge, 7) * envelope, FARHOLM.paper)


def _light(canvas: Canvas, envelope: Field) -> None:
    x, y = canvas.grid()
    away = np.hypot((x - 215) / 420, (y - 190) / 520)
    canvas.paint(envelope * np.clip((away - 0.45) / 0.75, 0, 1), mix(FARHOLM.ink, "#26306e", 0.35), 0.62)
    canvas.paint(envelope * np.clip(1 - np.hypot((x - 205) / 150, (y - 150) / 190), 0, 1), "#fffdf2", 0.55)
    canvas.inner(envelope, "#fff6dd", (-6, -4), 4, 0.8)
    canvas.inner(envelope, "#8fe3ea", (7, 2), 5, 0.45)


def _inside(canvas: Canvas) -> None:
    mouth = canvas.mask(ellipse((_CENTRE, 652), (78, 17)))
    canvas.paint(mouth, Radial((_CENTRE, 664), (80, 20), ((0, "#ffcf7a"), (0.5, "#a8462e"), (1, "#4a1f2b"))))


def _skirt(canvas: Canvas) -> None:
    skirt = canvas.mask(
        np.concatenate([ellipse((_CENTRE, 652), (79, 16), 180, 0), ellipse((_CENTRE, 690), (62, 12), 0, 180)])
    )
    canvas.paint(skirt, Linear((250, 0), (410, 0), ((0, "#2f8296"), (0.35, FARHOLM.primary), (1, FARHOLM.ink))))
    canvas.paint(canvas.stroke(ellipse((_CENTRE, 654), (78, 16), 0, 180), 6), FARHOLM.paper, 0.9)


def _flame(canvas: Canvas) -> None:
    flame = smooth([(330, 676), (346, 716), (342, 748), (330, 758), (318, 748), (314, 716)])
    canvas.paint(canvas.mask(flame), Linear((0, 676), (0, 758), ((0, "#ff8a3d"), (0.6, "#ffd36b"), (1, "#fff6d8"))))
    burner = canvas.mask(rounded(306, 752, 354, 776, 6))
    canvas.paint(burner, Linear((306, 0), (354, 0), ((0, "#5f7f8a"), (0.3, "#f4fafa"), (1, "#41606b"))))


def _ropes(canvas: Canvas) -> None:
    for top, bottom in ((274, 272), (388, 388), (300, 284), (360, 376)):
        canvas.paint(canvas.stroke(polygon((top, 690), (bottom, 800)), 4), "#5a4231")


def _basket(canvas: Canvas) -> None:
    outline = np.concatenate(
        [polygon((258, 794), (402, 794)), ellipse((372, 872), (20, 32), 0, 90), ellipse((288, 872), (20, 32), 90, 180)]
    )
    basket = canvas.mask(outline)
    canvas.paint(basket, Linear((258, 0), (402, 0), ((0, "#e8b878"), (0.45, "#b97a45"), (1, "#6e3f26"))))
    for row, down in enumerate(range(812, 900, 16)):
        for across in range(262 + (row % 2) * 12, 402, 24):
            weave = canvas.mask(rounded(across, down - 7, across + 20, down + 6, 6)) * basket
            canvas.inner(weave, "#4d2917", (-3, -5), 3, 0.5)
            canvas.inner(weave, "#ffe2b0", (3, 4), 2, 0.45)
    canvas.inner(basket, "#3a1c10", (14, 8), 12, 0.5)
    rim = canvas.mask(rounded(248, 784, 412, 810, 13))
    canvas.paint(rim, Linear((0, 784), (0, 810), ((0, "#ff9a75"), (0.5, FARHOLM.accent), (1, "#a83a2c"))))
    canvas.inner(rim, WHITE, (-2, -4), 2, 0.5)
