"""A running shoe from the side, its toe to the right; light from the top left."""

from __future__ import annotations

import numpy as np
from PIL import Image

from brand_art import kestrun_mark
from brand_art.canvas import Canvas
from brand_art.paints import Field, Linear, mix
from brand_art.palettes import KESTRUN, SHADE, WHITE
from brand_art.shapes import ellipse, polygon, ribbon, smooth

_BLUE = KESTRUN.primary
_LIME = KESTRUN.secondary
_UPPER = smooth(
    [
        (92, 148), (120, 126), (152, 142), (206, 196), (268, 214), (318, 182), (356, 128), (384, 96), (420, 104),
        (470, 170), (540, 240), (634, 286), (736, 316), (826, 348), (878, 402), (884, 462), (820, 486),
        (600, 486), (300, 486), (96, 478), (74, 400), (86, 300), (82, 210),
    ]
)  # fmt: skip
_MIDSOLE = smooth(
    [
        (58, 430), (110, 424), (200, 444), (320, 462), (460, 452), (600, 432), (740, 428), (850, 436), (898, 428),
        (906, 462), (876, 512), (800, 544), (640, 556), (480, 548), (360, 552), (220, 572), (110, 574),
        (60, 548), (46, 490),
    ]
)  # fmt: skip


def draw() -> Image.Image:
    """The shoe, about 870 by 510 pixels."""
    canvas = Canvas(960, 640)
    _tongue(canvas)
    _outsole(canvas)
    upper = _upper(canvas)
    _panels(canvas, upper)
    _emblem(canvas, upper)
    _laces(canvas)
    canvas.inner(upper, "#b8c2ff", (-5, -6), 4, 0.75)
    _midsole(canvas)
    return canvas.finished()


def _tongue(canvas: Canvas) -> None:
    lining = canvas.mask(
        smooth(
            [(100, 146), (140, 120), (200, 150), (300, 170), (372, 96), (400, 120), (330, 250), (180, 250), (110, 200)]
        )
    )
    canvas.paint(lining, Linear((100, 120), (360, 240), ((0, "#161d63"), (1, "#070a2c"))))
    tongue = canvas.mask(
        smooth([(330, 120), (372, 60), (418, 44), (438, 66), (470, 140), (520, 210), (440, 200), (370, 170)])
    )
    canvas.paint(tongue, Linear((340, 60), (500, 210), ((0, "#f1ffa8"), (0.5, _LIME), (1, "#87a912"))))
    canvas.inner(tongue, WHITE, (-4, -4), 3, 0.6)
    canvas.inner(tongue, "#4c6410", (6, 6), 8, 0.5)


def _outsole(canvas: Canvas) -> None:
    sole = canvas.mask(
        smooth(
            [
                (50, 520),
                (200, 540),
                (400, 530),
                (640, 534),
                (820, 522),
                (900, 470),
                (884, 528),
                (806, 566),
                (640, 578),
                (480, 566),
                (360, 574),
                (220, 594),
                (104, 594),
                (58, 566),
            ]
        )
    )
    canvas.paint(sole, Linear((0, 520), (0, 594), ((0, "#ff8a66"), (0.4, KESTRUN.accent), (1, "#a3212b"))))
    for across in range(90, 840, 46):
        canvas.paint(
            canvas.mask(polygon((across, 600), (across + 7, 566), (across + 15, 566), (across + 22, 600))) * sole,
            "#7d1626",
            0.7,
        )


def _upper(canvas: Canvas) -> Field:
    upper = canvas.mask(_UPPER)
    stops = ((0, "#5a6cff"), (0.3, mix(_BLUE, "#4a5cff", 0.5)), (0.62, _BLUE), (1, "#0f1780"))
    canvas.paint(upper, Linear((140, 110), (420, 560), stops))
    _mesh(canvas, upper)
    canvas.inner(upper, SHADE, (6, 26), 22, 0.4)
    return upper


def _mesh(canvas: Canvas, upper: Field) -> None:
    """Breathing holes over the toe and the side, in staggered rows."""
    area = (
        canvas.mask(
            smooth([(470, 250), (560, 280), (680, 336), (770, 372), (820, 420), (760, 440), (600, 430), (500, 400)])
        )
        * upper
    )
    for row, down in enumerate(range(250, 450, 15)):
        for across in range(460 + (row % 2) * 9, 840, 18):
            canvas.paint(canvas.mask(ellipse((across, down), (4.2, 3.4))) * area, "#0a1166", 0.75)
            canvas.paint(canvas.mask(ellipse((across + 1.2, down + 2.6), (3.4, 1.2))) * area, "#8b9aff", 0.5)


def _panels(canvas: Canvas, upper: Field) -> None:
    toe = canvas.mask(smooth([(742, 500), (750, 416), (790, 350), (830, 330), (910, 380), (910, 500)])) * upper
    canvas.paint(toe, Linear((740, 360), (870, 490), ((0, "#4457ff"), (0.5, "#1a28b4"), (1, "#0b1268"))))
    canvas.inner(toe, "#aab6ff", (-3, -3), 2, 0.55)
    heel = (
        canvas.mask(smooth([(60, 500), (60, 330), (84, 262), (150, 280), (206, 350), (232, 430), (236, 500)])) * upper
    )
    canvas.drop(heel, upper, SHADE, (5, 4), 6, 0.4)
    canvas.paint(heel, Linear((70, 270), (230, 480), ((0, "#f6ffbe"), (0.4, _LIME), (1, "#8cb013"))))
    canvas.inner(heel, WHITE, (2, -4), 2, 0.6)
    collar = canvas.stroke(
        smooth(
            [(92, 150), (120, 128), (152, 144), (206, 196), (268, 214), (318, 182), (356, 130), (384, 98)], closed=False
        ),
        24,
    )
    canvas.paint(collar * upper, Linear((90, 130), (380, 220), ((0, "#2a3be6"), (1, "#0e1675"))))
    eyelets = (
        canvas.mask(ribbon(smooth([(392, 112), (430, 172), (492, 240), (574, 296)], closed=False), [42, 58, 60, 40]))
        * upper
    )
    canvas.drop(eyelets, upper, SHADE, (-4, 8), 6, 0.45)
    canvas.paint(eyelets, Linear((390, 110), (560, 300), ((0, "#3a4cf5"), (1, "#121a8c"))))
    canvas.inner(eyelets, "#b8c2ff", (-3, 2), 2, 0.45)
    pull = canvas.mask(
        ribbon(smooth([(96, 150), (70, 118), (82, 92), (112, 100), (118, 132)], closed=False), [14, 12, 12, 12, 12])
    )
    canvas.paint(pull, Linear((64, 90), (120, 150), ((0, "#ff9a7c"), (1, "#d23328"))))


def _emblem(canvas: Canvas, upper: Field) -> None:
    at, height = (262.0, 262.0), 176.0
    parts = ((kestrun_mark.bar, WHITE), (kestrun_mark.leg, WHITE), (kestrun_mark.wing, _LIME))
    for part, tint in parts:
        mask = canvas.mask(part(at, height)) * upper
        canvas.drop(mask, upper, SHADE, (5, 6), 5, 0.45)
        canvas.paint(
            mask, Linear((300, 250), (300, 450), ((0, mix(tint, WHITE, 0.4)), (1, mix(tint, KESTRUN.ink, 0.14))))
        )


def _laces(canvas: Canvas) -> None:
    for step in range(5):
        across, down = 398 + step * 37, 118 + step * 42
        lace = smooth(
            [(across - 6, down + 26), (across + 18, down + 2), (across + 50, down - 6 + step * 2)], closed=False
        )
        mask = canvas.mask(ribbon(lace, [12, 15, 12]))
        canvas.drop(mask, canvas.mask(_UPPER), SHADE, (2, 6), 4, 0.5)
        canvas.paint(mask, Linear((across, down - 10), (across + 30, down + 20), ((0, WHITE), (1, "#c9d0ef"))))
        canvas.paint(canvas.mask(ellipse((across - 6, down + 27), (7, 7))), KESTRUN.ink)


def _midsole(canvas: Canvas) -> None:
    sole = canvas.mask(_MIDSOLE)
    canvas.paint(sole, Linear((0, 424), (0, 574), ((0, WHITE), (0.45, "#f1f3fb"), (1, "#a9b0d6"))))
    groove = smooth([(60, 500), (200, 520), (330, 508), (470, 494), (640, 498), (820, 486), (896, 448)], closed=False)
    canvas.paint(canvas.mask(ribbon(groove, [2, 9, 7, 9, 7, 3])) * sole, "#8b94c8", 0.75)
    canvas.paint(canvas.mask(ribbon(groove + np.array([0, 7]), [1, 4, 3, 4, 3, 1])) * sole, WHITE, 0.9)
    fade = canvas.mask(smooth([(40, 480), (160, 520), (300, 530), (330, 600), (40, 620)])) * sole
    canvas.paint(fade, Linear((50, 0), (330, 0), ((0, _LIME), (1, "#f1f3fb"))), 0.75)
    canvas.inner(sole, WHITE, (-3, -5), 3, 0.9)
    canvas.inner(sole, "#4a538f", (4, 7), 8, 0.5)
