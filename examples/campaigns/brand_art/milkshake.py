"""A pumpkin spice milkshake in a tall glass; light from the top left."""

from __future__ import annotations

import numpy as np
from PIL import Image

from brand_art.canvas import Canvas, softened
from brand_art.cream import swirl
from brand_art.paints import Field, Linear, Radial
from brand_art.palettes import MARROWBY, WHITE
from brand_art.shapes import Path, ellipse, moved, polygon, ribbon, rounded, smooth, star, turned

_SHADOW = "#3a0f0a"
_SIDES = smooth([(96, 330), (112, 480), (140, 640), (176, 740), (236, 792)], closed=False)
"""The left side of the bowl, from the brim down; the right side mirrors it about x = 270."""
_MIDDLE = 270.0


def draw() -> Image.Image:
    """The milkshake, about 420 by 920 pixels."""
    canvas = Canvas(540, 940)
    _straw(canvas)
    _foot(canvas)
    bowl = canvas.mask(_bowl(0))
    _drink(canvas, bowl)
    _glass(canvas, bowl)
    swirl(canvas, (270, 312), 158)
    _toppings(canvas)
    return canvas.finished()


def _bowl(inset: float) -> Path:
    left = _SIDES + np.array([inset, 0.0])
    right = left * np.array([-1, 1]) + np.array([2 * _MIDDLE, 0])
    return np.concatenate([left, right[::-1]])


def _straw(canvas: Canvas) -> None:
    straw = canvas.mask(turned(rounded(352, 20, 386, 360, 6), 16, (360, 340)))
    canvas.paint(straw, WHITE)
    for down in range(-40, 420, 44):
        stripe = turned(polygon((330, down + 24), (410, down - 10), (410, down + 12), (330, down + 46)), 16, (360, 340))
        canvas.paint(canvas.mask(stripe) * straw, MARROWBY.accent)
    canvas.inner(straw, _SHADOW, (9, 3), 8, 0.45)
    canvas.inner(straw, WHITE, (-4, 0), 2, 0.7)


def _foot(canvas: Canvas) -> None:
    stops = ((0, "#ffffff"), (0.3, "#fbe3cf"), (0.6, "#e9bfa4"), (1, "#a76a55"))
    stem = canvas.mask(smooth([(236, 780), (304, 780), (288, 820), (300, 862), (240, 862), (252, 820)]))
    canvas.paint(stem, Linear((230, 0), (310, 0), stops), 0.95)
    base = canvas.mask(ellipse((270, 884), (132, 36)))
    canvas.paint(base, Linear((140, 850), (400, 910), stops))
    canvas.inner(base, WHITE, (-2, -5), 3, 0.9)
    canvas.inner(base, "#7a3b2c", (4, 8), 8, 0.4)
    canvas.paint(softened(canvas.mask(ellipse((270, 866), (44, 9))), 3), "#8f4b36", 0.5)


def _drink(canvas: Canvas, bowl: Field) -> None:
    canvas.paint(bowl, Linear((96, 0), (444, 0), ((0, "#ffc07a"), (0.35, "#f59a45"), (0.7, "#dc6b24"), (1, "#a53f14"))))
    bottom = (
        canvas.mask(smooth([(60, 620), (170, 596), (280, 626), (380, 596), (480, 620), (480, 840), (60, 840)])) * bowl
    )
    canvas.paint(bottom, Linear((110, 0), (430, 0), ((0, "#e9702b"), (0.4, "#c54a15"), (1, "#7d2410"))))
    top = canvas.mask(smooth([(60, 430), (160, 462), (270, 426), (370, 456), (480, 424), (480, 300), (60, 300)])) * bowl
    canvas.paint(top, Linear((96, 0), (444, 0), ((0, "#fff6e4"), (0.45, "#ffdfae"), (1, "#d99a58"))))
    for across, drop in ((130, 520), (196, 590), (268, 540), (336, 610), (400, 530)):
        drip = smooth(
            [
                (across - 16, 318),
                (across - 12, drop - 90),
                (across - 15, drop - 20),
                (across, drop),
                (across + 15, drop - 20),
                (across + 12, drop - 90),
                (across + 16, 318),
            ]
        )
        mask = canvas.mask(drip) * bowl
        canvas.paint(
            mask,
            Linear((across - 16, 0), (across + 16, 0), ((0, "#b04a63"), (0.4, MARROWBY.accent), (1, "#4a0d25"))),
            0.92,
        )
        canvas.paint(canvas.mask(ellipse((across - 6, drop - 26), (3, 12))) * bowl, "#ffc9d9", 0.8)


def _glass(canvas: Canvas, bowl: Field) -> None:
    canvas.inner(bowl, "#5a160b", (18, 8), 22, 0.5)
    canvas.inner(bowl, WHITE, (-6, 0), 4, 0.85)
    canvas.inner(bowl, "#ffd9b0", (6, 4), 4, 0.7)
    shine = np.concatenate([moved(_SIDES[8:70], 24, 0), moved(_SIDES[8:70], 58, 0)[::-1]])
    canvas.paint(softened(canvas.mask(shine), 1.5), WHITE, 0.5)
    thin = np.concatenate([moved(_SIDES[8:60], 70, 0), moved(_SIDES[8:60], 80, 0)[::-1]])
    canvas.paint(softened(canvas.mask(thin), 1), WHITE, 0.4)
    brim = canvas.mask(ellipse((270, 328), (178, 34)))
    canvas.paint(brim, Linear((92, 0), (448, 0), ((0, WHITE), (0.4, "#fff0dc"), (1, "#cf9a78"))))
    canvas.inner(brim, WHITE, (0, 5), 3, 0.9)


def _toppings(canvas: Canvas) -> None:
    biscuit = canvas.mask(turned(star((168, 166), 84, 48), -18, (168, 166)))
    canvas.drop(biscuit, canvas.covered(), _SHADOW, (6, 12), 9, 0.45)
    canvas.paint(biscuit, Radial((140, 130), (130, 130), ((0, "#ffdc9c"), (0.5, "#e2a04f"), (1, "#9d5721"))))
    canvas.inner(biscuit, "#fff1cf", (-3, -4), 3, 0.8)
    canvas.inner(biscuit, "#6d3110", (4, 6), 6, 0.45)
    for angle in range(0, 360, 72):
        across, down = 168 + 36 * np.cos(np.radians(angle - 108)), 166 + 36 * np.sin(np.radians(angle - 108))
        canvas.paint(canvas.mask(ellipse((float(across), float(down)), (5, 5))), "#8a4a1c", 0.8)
    chance = np.random.default_rng(3)
    for _ in range(46):
        across, down = float(chance.normal(290, 62)), float(chance.normal(222, 48))
        size, tint = float(chance.uniform(3, 6)), str(chance.choice(["#d9571c", "#7b1e42", "#f8c867", "#8a4a1c"]))
        sprinkle = ribbon(
            smooth([(across - size, down - size * 0.6), (across + size, down + size * 0.6)], closed=False), [size, size]
        )
        if canvas.covered()[int(down * 2), int(across * 2)] == 1 and abs(across - 290) < 110 - max(0, 250 - down) * 0.7:
            canvas.paint(canvas.mask(sprinkle), tint)
