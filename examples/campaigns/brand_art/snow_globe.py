"""A snow globe with a cabin under northern lights; light from the top left."""

from __future__ import annotations

import numpy as np
from PIL import Image

from brand_art.canvas import Canvas, softened
from brand_art.paints import Field, Linear, Radial, mix
from brand_art.palettes import FARHOLM, SHADE, WHITE
from brand_art.shapes import ellipse, polygon, ribbon, rounded, smooth

_MIDDLE = (350.0, 350.0)
_RADIUS = 330.0
_SNOW_SEED = 20


def draw() -> Image.Image:
    """The snow globe, about 670 by 880 pixels."""
    canvas = Canvas(700, 900)
    _pedestal(canvas)
    glass = canvas.mask(ellipse(_MIDDLE, (_RADIUS, _RADIUS)))
    _sky(canvas, glass)
    _mountains(canvas, glass)
    _trees(canvas, glass)
    _ground(canvas, glass)
    _cabin(canvas, glass)
    _snow(canvas, glass)
    _reflections(canvas, glass)
    _collar(canvas)
    return canvas.finished()


def _sky(canvas: Canvas, glass: Field) -> None:
    stops = ((0, "#0b2440"), (0.45, "#12586e"), (0.75, "#57b3ae"), (1, "#ffd9a6"))
    canvas.paint(glass, Linear((0, 20), (0, 470), stops))
    bands = (
        ([(20, 250), (170, 130), (330, 170), (480, 90), (690, 150)], [30, 80, 60, 90, 40], "#7df0c0"),
        ([(20, 180), (200, 210), (360, 110), (540, 150), (690, 60)], [20, 60, 70, 50, 30], "#b6a3ff"),
    )
    for knots, widths, tint in bands:
        light = canvas.mask(ribbon(smooth(knots, closed=False), widths))
        canvas.paint(softened(light, 20) * glass, tint, 0.55)
        canvas.paint(
            softened(canvas.mask(ribbon(smooth(knots, closed=False), [6, 16, 10, 18, 6])), 5) * glass, "#eafff2", 0.5
        )


def _mountains(canvas: Canvas, glass: Field) -> None:
    far = polygon(
        (0, 470), (90, 330), (150, 385), (250, 235), (330, 345), (390, 300), (500, 225), (590, 340), (700, 460)
    )
    canvas.paint(canvas.mask(far) * glass, Linear((0, 225), (0, 470), ((0, "#2f7f92"), (1, "#9fd9cf"))))
    for snow in (
        polygon((250, 235), (290, 290), (268, 284), (252, 308), (232, 280), (212, 292)),
        polygon((500, 225), (546, 284), (520, 276), (502, 304), (480, 270), (454, 282), (440, 262)),
    ):
        canvas.paint(canvas.mask(snow) * glass, WHITE, 0.95)
    for shaded in (
        polygon((250, 235), (330, 345), (300, 400), (262, 330)),
        polygon((500, 225), (590, 340), (600, 420), (520, 320)),
    ):
        canvas.paint(canvas.mask(shaded) * glass, "#0e4a5c", 0.35)


def _trees(canvas: Canvas, glass: Field) -> None:
    firs = ((92, 505, 0.8), (150, 520, 1.05), (560, 520, 1.15), (618, 500, 0.85), (506, 500, 0.7), (206, 498, 0.62))
    for across, foot, size in firs:
        for level in range(4):
            top, width = foot - (190 - level * 38) * size, (30 + level * 17) * size
            low = top + 78 * size
            tier = [(across, top), (across + width, low), (across, low - 12 * size), (across - width, low)]
            mask = canvas.mask(polygon(*tier)) * glass
            canvas.paint(
                mask,
                Linear((across - width, 0), (across + width, 0), ((0, "#2b8a80"), (0.5, "#14605f"), (1, "#0a3540"))),
            )
            canvas.inner(mask, WHITE, (-7, -6), 4, 0.85)


def _ground(canvas: Canvas, glass: Field) -> None:
    back = smooth([(-40, 500), (120, 478), (300, 500), (480, 470), (740, 500), (740, 760), (-40, 760)])
    canvas.paint(canvas.mask(back) * glass, Linear((0, 470), (0, 620), ((0, "#e9f8f7"), (1, "#9fd2d8"))))
    front = smooth([(-40, 580), (150, 548), (330, 575), (520, 552), (740, 590), (740, 760), (-40, 760)])
    canvas.paint(
        canvas.mask(front) * glass, Linear((100, 540), (520, 700), ((0, WHITE), (0.5, "#dff2f3"), (1, "#86bccb")))
    )


def _cabin(canvas: Canvas, glass: Field) -> None:
    shadow = canvas.mask(ellipse((400, 584), (190, 22)))
    canvas.paint(softened(shadow, 8) * glass, "#2c7c92", 0.45)
    side = canvas.mask(polygon((330, 440), (498, 440), (498, 580), (330, 584)))
    canvas.paint(side, Linear((330, 0), (498, 0), ((0, "#a8432d"), (1, "#6e2630"))))
    gable = canvas.mask(polygon((214, 446), (272, 358), (332, 446), (332, 586), (214, 578)))
    canvas.paint(gable, Linear((214, 360), (332, 586), ((0, "#ff8a63"), (1, "#d9502f"))))
    for down in range(460, 590, 20):
        canvas.paint(canvas.stroke(polygon((214, down), (332, down + 2), (498, down)), 2.5), "#5d1f22", 0.5)
    _windows(canvas)
    chimney = canvas.mask(rounded(420, 318, 456, 390, 4))
    canvas.paint(chimney, Linear((420, 0), (456, 0), ((0, "#8a8f96"), (1, "#474e5c"))))
    canvas.paint(canvas.mask(rounded(412, 308, 464, 328, 9)), WHITE)
    roof = canvas.mask(smooth([(262, 338), (300, 334), (462, 340), (528, 446), (520, 462), (345, 462), (330, 452)]))
    canvas.paint(roof, Linear((300, 330), (470, 470), ((0, WHITE), (0.55, "#e3f4f5"), (1, "#9ccbd6"))))
    eave = canvas.mask(
        ribbon(smooth([(196, 470), (226, 424), (272, 350), (312, 400), (348, 462)], closed=False), [22, 28, 30, 28, 24])
    )
    canvas.drop(
        eave, canvas.mask(polygon((214, 446), (272, 358), (332, 446), (332, 586), (214, 578))), SHADE, (4, 16), 6, 0.4
    )
    canvas.paint(eave, Linear((196, 350), (348, 470), ((0, WHITE), (1, "#cfe9ec"))))
    smoke = ribbon(
        smooth([(438, 308), (448, 280), (430, 250), (456, 214), (440, 176)], closed=False), [10, 22, 30, 34, 10]
    )
    canvas.paint(softened(canvas.mask(smoke), 6) * glass, WHITE, 0.5)


def _windows(canvas: Canvas) -> None:
    glow = canvas.mask(rounded(236, 490, 310, 584, 6), rounded(372, 484, 460, 548, 6))
    canvas.paint(softened(glow, 14), "#ffc85e", 0.75)
    canvas.paint(
        canvas.mask(rounded(250, 494, 298, 584, 6)),
        Linear((0, 494), (0, 584), ((0, FARHOLM.primary), (1, FARHOLM.ink))),
    )
    canvas.paint(canvas.mask(ellipse((288, 542), (4, 4))), "#ffd08a")
    for left in (364, 426):
        pane = canvas.mask(rounded(left, 484, left + 46, 540, 4))
        canvas.paint(pane, Radial((left + 23, 512), (34, 40), ((0, "#fff3c0"), (1, "#ffb547"))))
        canvas.paint(canvas.stroke(rounded(left, 484, left + 46, 540, 4), 5, closed=True), FARHOLM.paper)
        canvas.paint(canvas.stroke(polygon((left + 23, 484), (left + 23, 540)), 4), FARHOLM.paper)
        canvas.paint(canvas.mask(rounded(left - 5, 536, left + 51, 548, 6)), WHITE)
    canvas.paint(canvas.mask(ellipse((273, 442), (17, 17))), "#ffd98a")
    canvas.paint(canvas.stroke(ellipse((273, 442), (17, 17)), 5, closed=True), FARHOLM.paper)


def _snow(canvas: Canvas, glass: Field) -> None:
    chance = np.random.default_rng(_SNOW_SEED)
    for _ in range(110):
        across, down = chance.uniform(30, 670, 2)
        size = float(chance.choice([2.2, 3.2, 4.6, 6.5], p=[0.4, 0.3, 0.2, 0.1]))
        flake = canvas.mask(ellipse((across, down), (size, size)))
        canvas.paint(flake * glass, WHITE, 0.92)


def _reflections(canvas: Canvas, glass: Field) -> None:
    x, y = canvas.grid()
    distance = np.hypot(x - _MIDDLE[0], y - _MIDDLE[1]) / _RADIUS
    canvas.paint(glass * np.clip((distance - 0.78) / 0.22, 0, 1) ** 2, "#062236", 0.55)
    canvas.inner(glass, "#d9fbff", (-7, -8), 5, 0.95)
    canvas.inner(glass, "#9ff0ee", (7, 9), 6, 0.6)
    crescent = np.concatenate([ellipse(_MIDDLE, (292, 292), 188, 262), ellipse((372, 378), (284, 284), 256, 196)])
    canvas.paint(softened(canvas.mask(crescent), 2) * glass, WHITE, 0.62)
    arc = ribbon(ellipse(_MIDDLE, (298, 298), 20, 62), [2, 12, 2])
    canvas.paint(softened(canvas.mask(arc), 1.5) * glass, "#e8ffff", 0.55)


def _collar(canvas: Canvas) -> None:
    collar = canvas.mask(
        np.concatenate([ellipse((350, 640), (196, 34), 180, 0), ellipse((350, 676), (214, 40), 0, 180)])
    )
    canvas.paint(collar, _brass(136, 564))
    canvas.inner(collar, "#fff7df", (0, -5), 3, 0.7)


def _pedestal(canvas: Canvas) -> None:
    ledge = canvas.mask(
        np.concatenate([ellipse((350, 806), (272, 48), 180, 360), ellipse((350, 838), (282, 50), 0, 180)])
    )
    canvas.paint(ledge, _brass(68, 632))
    base = canvas.mask(
        np.concatenate([ellipse((350, 676), (206, 36), 180, 360), ellipse((350, 806), (264, 46), 0, 180)])
    )
    canvas.drop(base, ledge, SHADE, (0, 8), 5, 0.45)
    stops = ((0, "#1b6478"), (0.25, "#3f9fb0"), (0.5, FARHOLM.primary), (1, "#051d28"))
    canvas.paint(base, Linear((86, 0), (614, 0), stops))
    canvas.paint(canvas.mask(ellipse((350, 642), (196, 36))), _brass(154, 546))
    canvas.paint(canvas.mask(ellipse((350, 646), (182, 30))), FARHOLM.ink)
    _plaque(canvas)


def _plaque(canvas: Canvas) -> None:
    plate = canvas.mask(smooth([(272, 748), (350, 754), (428, 748), (434, 796), (350, 804), (266, 796)]))
    canvas.paint(plate, Linear((262, 740), (438, 800), ((0, "#ffe9bd"), (0.5, "#e9b35c"), (1, "#a8652a"))))
    canvas.inner(plate, "#5a2d10", (-2, -3), 2, 0.4)
    peak = polygon((306, 794), (338, 762), (356, 781), (368, 770), (394, 792))
    canvas.paint(canvas.mask(peak), mix("#7a4018", FARHOLM.ink, 0.5))


def _brass(left: float, right: float) -> Linear:
    """Polished metal, lit from the left."""
    return Linear((left, 0), (right, 0), ((0, "#b7702e"), (0.22, "#ffe7b3"), (0.45, "#e9a94f"), (1, "#7a4018")))
