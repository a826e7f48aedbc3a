"""A slice of pumpkin pie with whipped cream on a plate; light from the top left."""

from __future__ import annotations

import numpy as np
from PIL import Image

from brand_art.canvas import Canvas, softened
from brand_art.cream import swirl
from brand_art.paints import Linear, Radial
from brand_art.palettes import MARROWBY, WHITE
from brand_art.shapes import ellipse, polygon, ribbon, smooth

_SHADOW = "#3a0f0a"
_SEED = 5
_TIP, _LEFT, _RIGHT = (236, 436), (420, 196), (786, 330)
_HIGH = 118
"""Height of the slice in units."""


def draw() -> Image.Image:
    """The plate with the slice, about 900 by 640 pixels."""
    canvas = Canvas(940, 720)
    _plate(canvas)
    _slice(canvas)
    _crust(canvas)
    swirl(canvas, (470, 316), 92)
    _spice(canvas)
    return canvas.finished()


def _plate(canvas: Canvas) -> None:
    canvas.paint(
        canvas.mask(ellipse((470, 522), (446, 176))),
        Linear((60, 400), (820, 700), ((0, "#a5315f"), (0.5, MARROWBY.accent), (1, "#3d0a20"))),
    )
    rim = canvas.mask(ellipse((470, 506), (446, 176)))
    canvas.paint(rim, Linear((120, 340), (780, 690), ((0, WHITE), (0.5, MARROWBY.paper), (1, "#dcc0a6"))))
    canvas.inner(rim, WHITE, (-3, -4), 2, 0.9)
    canvas.paint(canvas.stroke(ellipse((470, 506), (414, 158)), 7, closed=True), MARROWBY.accent)
    well = canvas.mask(ellipse((470, 512), (340, 122)))
    canvas.paint(well, Linear((200, 400), (740, 630), ((0, "#ecd8c4"), (0.4, "#fbf0e2"), (1, WHITE))))
    canvas.inner(well, "#a57f63", (-6, -8), 8, 0.5)


def _slice(canvas: Canvas) -> None:
    foot = canvas.mask(smooth([(250, 548), (420, 470), (800, 430), (838, 476), (560, 566), (330, 592)]))
    canvas.paint(softened(foot, 11) * canvas.covered(), _SHADOW, 0.5)
    front = polygon(_TIP, _RIGHT, (_RIGHT[0], _RIGHT[1] + _HIGH), (_TIP[0] + 6, _TIP[1] + _HIGH))
    side = canvas.mask(front)
    canvas.paint(side, Linear((300, 400), (360, 580), ((0, "#ef8d2c"), (0.5, "#d86a1a"), (1, "#a94610"))))
    _crumbs(canvas)
    canvas.inner(side, "#ffc06a", (0, -5), 3, 0.6)
    base = polygon(
        (_TIP[0] + 4, _TIP[1] + 92),
        (_RIGHT[0], _RIGHT[1] + 90),
        (_RIGHT[0], _RIGHT[1] + _HIGH + 4),
        (_TIP[0] + 8, _TIP[1] + _HIGH + 8),
    )
    crust = canvas.mask(base)
    canvas.paint(crust, Linear((240, 520), (260, 570), ((0, "#ffdc9a"), (0.5, "#e6a653"), (1, "#a8642a"))))
    canvas.inner(crust, "#fff0c8", (0, -4), 2, 0.7)
    back = smooth([_LEFT, (540, 192), (650, 216), (740, 266), _RIGHT], closed=False)
    top = canvas.mask(np.concatenate([polygon(_TIP), back]))
    canvas.paint(top, Linear((330, 220), (560, 470), ((0, "#ffb050"), (0.5, "#ee8429"), (1, "#d4651b"))))
    canvas.inner(top, "#ffdca0", (-4, -2), 3, 0.8)
    canvas.paint(softened(canvas.mask(ellipse((420, 300), (90, 36))), 20) * top, "#ffe0a8", 0.55)


def _crumbs(canvas: Canvas) -> None:
    """The pores of the filling on the cut side."""
    chance = np.random.default_rng(_SEED)
    for _ in range(90):
        along, depth = float(chance.uniform(0.03, 0.97)), float(chance.uniform(12, 82))
        across = _TIP[0] + (_RIGHT[0] - _TIP[0]) * along
        down = _TIP[1] + (_RIGHT[1] - _TIP[1]) * along + depth
        size = float(chance.uniform(2, 5))
        canvas.paint(canvas.mask(ellipse((across, down), (size * 1.4, size))), "#8f390d", 0.4)
        canvas.paint(canvas.mask(ellipse((across + 1, down + size), (size * 1.2, size * 0.5))), "#ffb662", 0.45)


def _crust(canvas: Canvas) -> None:
    """The fluted rim at the back, one scallop after the other."""
    wall = canvas.mask(smooth([(770, 324), (800, 300), (838, 350), (830, 420), (806, 462), (776, 454), (764, 440)]))
    canvas.paint(wall, Linear((770, 300), (836, 440), ((0, "#ffe0a2"), (0.5, "#dd9a49"), (1, "#8a4a1c"))))
    canvas.inner(wall, "#fff2d0", (-4, -2), 3, 0.6)
    edge = smooth([(416, 194), (530, 172), (650, 196), (748, 250), (806, 326)], closed=False)
    places = np.linspace(0, len(edge) - 1, 9).astype(int)
    for across, down in edge[places]:
        scallop = canvas.mask(ellipse((float(across), float(down)), (44, 36)))
        canvas.drop(scallop, canvas.covered(), _SHADOW, (-4, 10), 7, 0.3)
        canvas.paint(
            scallop,
            Radial(
                (float(across) - 14, float(down) - 14), (66, 58), ((0, "#ffe3a8"), (0.5, "#eeb261"), (1, "#b0682a"))
            ),
        )
        canvas.inner(scallop, "#fff4d6", (-3, -4), 3, 0.7)


def _spice(canvas: Canvas) -> None:
    chance = np.random.default_rng(_SEED + 1)
    for _ in range(70):
        angle, reach = float(chance.uniform(0, 6.28)), float(chance.uniform(0, 1)) ** 0.6
        across, down = 470 + 74 * reach * np.cos(angle), 262 + 52 * reach * np.sin(angle)
        size = float(chance.uniform(1.4, 3.2))
        canvas.paint(canvas.mask(ellipse((float(across), float(down)), (size, size * 0.8))), "#8f4314", 0.8)
    stick = canvas.mask(ribbon(smooth([(520, 262), (640, 150)], closed=False), [24, 24]))
    canvas.drop(stick, canvas.covered(), _SHADOW, (6, 12), 7, 0.4)
    canvas.paint(stick, Linear((566, 190), (596, 222), ((0, "#d58a4c"), (0.5, "#9c5222"), (1, "#5c2811"))))
    canvas.paint(canvas.mask(ellipse((640, 150), (13, 11))), "#6f3214")
    canvas.paint(canvas.stroke(ellipse((640, 150), (7, 6)), 3, closed=True), "#d58a4c")
