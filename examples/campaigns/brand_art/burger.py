"""A crispy chicken burger; light from the top left."""

from __future__ import annotations

import numpy as np
from PIL import Image

from brand_art.canvas import Canvas
from brand_art.paints import Field, Linear, Radial, mix
from brand_art.palettes import MARROWBY, WHITE
from brand_art.shapes import Path, ellipse, moved, polygon, ribbon, rounded, smooth, turned

_SHADOW = "#2a0c08"
_SEED = 11
_CROWN = smooth(
    [
        (70, 380), (84, 290), (140, 190), (250, 116), (410, 88), (570, 116), (680, 190), (736, 290), (750, 380),
        (722, 410), (600, 420), (410, 424), (220, 420), (98, 410),
    ]
)  # fmt: skip


def draw() -> Image.Image:
    """The burger, about 760 by 780 pixels."""
    canvas = Canvas(820, 860)
    _heel(canvas)
    _chicken(canvas)
    _cheese(canvas)
    _tomato(canvas)
    _lettuce(canvas)
    _crown(canvas)
    _flag(canvas)
    return canvas.finished()


def _layer(canvas: Canvas, outline: Path, paint: Linear, depth: float = 26) -> Field:
    """A layer of the burger that shades what lies under it."""
    mask = canvas.mask(outline)
    canvas.drop(mask, canvas.covered(), _SHADOW, (4, depth), depth * 0.5, 0.5)
    canvas.paint(mask, paint)
    return mask


def _heel(canvas: Canvas) -> None:
    outline = smooth(
        [
            (92, 660),
            (240, 650),
            (410, 648),
            (580, 650),
            (728, 660),
            (742, 700),
            (700, 780),
            (600, 812),
            (410, 820),
            (220, 812),
            (120, 780),
            (78, 700),
        ]
    )
    heel = canvas.mask(outline)
    canvas.paint(
        heel, Linear((120, 650), (560, 840), ((0, "#ffd28a"), (0.4, "#eda04a"), (0.75, "#c86b26"), (1, "#8a3d17")))
    )
    canvas.inner(heel, "#7a2f12", (10, 18), 18, 0.5)
    canvas.inner(heel, "#fff0c9", (-5, -3), 4, 0.6)
    crumb = canvas.mask(smooth([(100, 664), (410, 650), (720, 664), (724, 684), (410, 676), (96, 684)]))
    canvas.paint(crumb * heel, "#ffe6b5", 0.9)


def _knobbly(chance: np.random.Generator, centre: tuple[float, float], radius: tuple[float, float], bumps: int) -> Path:
    """A flattened round of crust with uneven bumps; the exponent squares it off like a patty."""
    turn = np.linspace(0, 2 * np.pi, bumps, endpoint=False)
    squared = 0.7
    across = np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** squared * (radius[0] + chance.uniform(-9, 9, bumps))
    down = np.sign(np.sin(turn)) * np.abs(np.sin(turn)) ** squared * (radius[1] + chance.uniform(-9, 9, bumps))
    return smooth([(float(x), float(y)) for x, y in zip(centre[0] + across, centre[1] + down, strict=True)])


def _chicken(canvas: Canvas) -> None:
    chance = np.random.default_rng(_SEED)
    stops = ((0, "#ffcb70"), (0.35, "#ec9733"), (0.7, "#c4621d"), (1, "#7c2f12"))
    crust = _layer(canvas, _knobbly(chance, (410, 604), (348, 84), 58), Linear((140, 520), (420, 730), stops))
    for _ in range(95):
        across, down = float(chance.uniform(64, 756)), float(chance.uniform(536, 684))
        size = float(chance.uniform(9, 20))
        tilt = float(chance.uniform(-40, 40))
        flake = canvas.mask(turned(ellipse((across, down), (size, size * 0.62)), tilt, (across, down))) * crust
        canvas.paint(flake, "#ffb552", 0.22)
        canvas.inner(flake, "#6b250d", (size * 0.2, size * 0.26), 3, 0.5)
        canvas.inner(flake, "#ffefb5", (-size * 0.16, -size * 0.2), 3, 0.65)
    canvas.inner(crust, "#5a1c0c", (8, 24), 20, 0.5)
    canvas.inner(crust, "#ffe9b0", (-4, -4), 3, 0.6)


def _cheese(canvas: Canvas) -> None:
    outline = [
        (104, 512), (716, 512), (730, 536), (712, 562), (676, 592), (630, 648), (606, 650), (566, 584), (500, 560),
        (410, 570), (330, 574), (284, 610), (250, 676), (224, 680), (184, 606), (130, 572), (90, 538),
    ]  # fmt: skip
    cheese = _layer(
        canvas, smooth(outline), Linear((100, 510), (520, 680), ((0, "#ffe48a"), (0.4, "#ffbf2e"), (1, "#e88a12"))), 16
    )
    canvas.inner(cheese, "#a95a06", (5, 10), 9, 0.5)
    canvas.inner(cheese, "#fff6c9", (-3, -3), 3, 0.7)
    for across, down, tilt in ((226, 620, 24.0), (606, 600, 20.0)):
        gleam = canvas.mask(turned(ellipse((across - 14, down), (5, 24)), tilt, (across, down)))
        canvas.paint(gleam * cheese, "#fffbe0", 0.75)


def _tomato(canvas: Canvas) -> None:
    canvas.paint(canvas.mask(rounded(96, 400, 724, 500, 20)), "#2c1a0c")
    for across in (236, 584, 410):
        slice_ = rounded(across - 170, 470, across + 170, 528, 28)
        tomato = _layer(
            canvas,
            slice_,
            Linear((across - 150, 470), (across + 90, 540), ((0, "#ff8f6b"), (0.35, "#e93f2b"), (1, "#93141d"))),
            12,
        )
        canvas.inner(tomato, "#6c0b16", (6, 10), 8, 0.5)
        canvas.inner(tomato, "#ffd5c4", (-3, -4), 2, 0.75)
        canvas.paint(canvas.mask(rounded(across - 120, 482, across - 20, 490, 4)), WHITE, 0.5)


def _lettuce(canvas: Canvas) -> None:
    for low, lift, tones in ((470, 0.0, ("#4f8f22", "#1f5218")), (448, 1.7, ("#c4ea62", "#4c9a26"))):
        x = np.linspace(40, 780, 260)
        frill = low + 18 * np.sin(x / 23 + lift) + 12 * np.sin(x / 11.5 + 1.3 * lift) + 10 * np.sin(x / 61)
        edge = np.stack([x, frill], axis=1)
        outline = np.concatenate([edge, polygon((748, 392), (410, 380), (72, 392))])
        leaf = _layer(canvas, outline, Linear((200, 400), (300, 500), ((0, tones[0]), (1, tones[1]))), 16)
        for start in range(70, 760, 46):
            foot = float(np.interp(start, x, frill)) - 8
            vein = smooth([(start + 10, 396), (start + 4, 424), (start, foot)], closed=False)
            canvas.paint(canvas.mask(ribbon(vein, [7, 5, 2])) * leaf, "#efffb8", 0.4)
        canvas.inner(leaf, "#143d10", (2, 12), 8, 0.5)
        canvas.paint(canvas.stroke(moved(edge, -1, -3), 4) * leaf, "#f1ffc0", 0.7)


def _crown(canvas: Canvas) -> None:
    stops = ((0, "#ffd894"), (0.25, "#f6ae53"), (0.55, "#df8130"), (0.82, "#b3541d"), (1, "#7c3213"))
    canvas.drop(canvas.mask(_CROWN), canvas.covered(), _SHADOW, (2, 24), 12, 0.55)
    crown = canvas.mask(_CROWN)
    canvas.paint(crown, Radial((290, 190), (520, 330), stops))
    canvas.inner(crown, "#6b2710", (14, 20), 22, 0.5)
    canvas.inner(crown, "#fff1cd", (-6, -8), 6, 0.75)
    gleam = canvas.mask(smooth([(146, 262), (196, 186), (290, 138), (330, 140), (250, 190), (190, 262), (160, 300)]))
    canvas.paint(gleam, "#fff8e2", 0.42)
    _sesame(canvas, crown)


def _sesame(canvas: Canvas, crown: Field) -> None:
    seeds = (
        (210, 232, -35), (290, 178, -22), (262, 286, -28), (352, 226, -14), (382, 144, -4), (436, 196, 6),
        (330, 330, -18), (424, 296, 4), (486, 148, 16), (516, 240, 18), (592, 190, 30), (600, 288, 28), (506, 336, 14),
        (668, 262, 42), (170, 318, -48), (682, 346, 40), (236, 370, -30), (410, 380, 0), (590, 376, 24),
    )  # fmt: skip
    for across, down, tilt in seeds:
        outline = turned(
            smooth([(across, down - 17), (across + 9, down + 3), (across, down + 13), (across - 9, down + 3)]),
            tilt,
            (across, down),
        )
        seed = canvas.mask(outline)
        canvas.drop(seed, crown, "#5a200c", (4, 6), 3, 0.55)
        canvas.paint(
            seed,
            Linear(
                (across - 8, down - 14), (across + 8, down + 14), ((0, "#fffbe9"), (0.5, "#ffe9b8"), (1, "#d39b52"))
            ),
        )


def _flag(canvas: Canvas) -> None:
    canvas.paint(
        canvas.mask(rounded(406, 6, 414, 112, 3)), Linear((406, 0), (414, 0), ((0, "#ffe0a6"), (1, "#a2682c")))
    )
    cloth = canvas.mask(
        smooth([(412, 10), (460, 20), (520, 8), (566, 18), (546, 44), (566, 72), (516, 64), (460, 76), (412, 66)])
    )
    canvas.paint(
        cloth,
        Linear(
            (412, 0),
            (566, 0),
            ((0, mix(MARROWBY.accent, WHITE, 0.12)), (0.35, "#a8325f"), (0.6, MARROWBY.accent), (1, "#531029")),
        ),
    )
    canvas.inner(cloth, "#ffc7d9", (-2, -3), 2, 0.5)
    canvas.paint(canvas.mask(ellipse((478, 42), (15, 15))), MARROWBY.secondary)
