"""A sports bag with a racket handle showing, from the side; light from the top left."""

from __future__ import annotations

from PIL import Image

from brand_art import kestrun_mark
from brand_art.canvas import Canvas
from brand_art.paints import Field, Linear, mix
from brand_art.palettes import KESTRUN, SHADE, WHITE
from brand_art.shapes import moved, polygon, ribbon, rounded, smooth, turned

_BLUE = KESTRUN.primary
_LIME = KESTRUN.secondary
_BODY = smooth(
    [
        (70, 320), (130, 262), (300, 238), (480, 232), (660, 238), (830, 262), (890, 320), (904, 440), (880, 560),
        (820, 606), (480, 616), (140, 606), (80, 560), (56, 440),
    ]
)  # fmt: skip


def draw() -> Image.Image:
    """The bag, about 850 by 600 pixels."""
    canvas = Canvas(960, 660)
    _racket_handle(canvas)
    _handle(canvas, back=True)
    body = _body(canvas)
    _ends(canvas, body)
    _zip(canvas, body)
    _pocket(canvas, body)
    _handle(canvas, back=False)
    canvas.inner(body, "#c3cbff", (-5, -6), 4, 0.6)
    return canvas.finished()


def _racket_handle(canvas: Canvas) -> None:
    about = (200, 280)
    grip = canvas.mask(turned(rounded(172, 50, 230, 300, 12), -28, about))
    canvas.paint(grip, Linear((60, 120), (130, 82), ((0, "#ff9b80"), (0.4, KESTRUN.accent), (1, "#98202c"))))
    for down in range(66, 300, 26):
        wrap = turned(polygon((166, down + 14), (236, down)), -28, about)
        canvas.paint(canvas.stroke(wrap, 5) * grip, "#6d1224", 0.55)
        canvas.paint(canvas.stroke(moved(wrap, 1, 5), 2.5) * grip, "#ffc4b2", 0.6)
    butt = canvas.mask(turned(rounded(164, 36, 238, 66, 12), -28, about))
    canvas.paint(butt, Linear((60, 90), (130, 60), ((0, "#3b46a8"), (1, KESTRUN.ink))))
    canvas.inner(butt, WHITE, (-2, -3), 2, 0.5)


def _body(canvas: Canvas) -> Field:
    body = canvas.mask(_BODY)
    stops = ((0, "#4253f2"), (0.16, "#6272ff"), (0.45, _BLUE), (0.8, "#1019a0"), (1, "#0a0f5c"))
    canvas.paint(body, Linear((440, 236), (520, 616), stops))
    for across, bend in ((330, -8), (420, 5), (540, -5), (640, 9)):
        fold = smooth([(across, 262), (across + bend, 340), (across - bend, 430)], closed=False)
        canvas.paint(canvas.mask(ribbon(fold, [2, 10, 1])) * body, SHADE, 0.16)
    canvas.inner(body, SHADE, (10, 26), 26, 0.5)
    return body


def _ends(canvas: Canvas, body: Field) -> None:
    for side in (-1, 1):
        edge = [
            (480 + side * x, y)
            for x, y in ((318, 200), (300, 320), (296, 440), (306, 560), (326, 640), (460, 640), (460, 200))
        ]
        panel = canvas.mask(smooth(edge)) * body
        canvas.drop(panel, body, SHADE, (-6.0 * side, 5), 8, 0.4)
        canvas.paint(
            panel, Linear((440, 236), (520, 616), ((0, "#eeff9c"), (0.3, _LIME), (0.7, "#a9cc1f"), (1, "#5a7711")))
        )
        canvas.inner(panel, "#3c520b", (10, 18), 18, 0.45 if side < 0 else 0.65)
        canvas.inner(panel, "#fbffe0", (-3, -3), 2, 0.7)
        seam = smooth(
            [(480 + side * x, y) for x, y in ((334, 240), (316, 330), (312, 440), (322, 550), (338, 610))], closed=False
        )
        for start in range(0, len(seam) - 6, 9):
            canvas.paint(canvas.stroke(seam[start : start + 5], 3) * panel, "#5a7711", 0.8)


def _zip(canvas: Canvas, body: Field) -> None:
    line = smooth([(196, 290), (330, 274), (480, 270), (630, 274), (764, 290)], closed=False)
    tape = canvas.mask(ribbon(line, [26] * 3))
    canvas.drop(tape, body, SHADE, (0, 5), 5, 0.35)
    canvas.paint(tape, KESTRUN.ink)
    for start in range(0, len(line) - 1, 2):
        tooth = polygon((line[start, 0], line[start, 1] - 5), (line[start, 0], line[start, 1] + 5))
        canvas.paint(canvas.stroke(tooth, 3), "#aeb6dd", 0.85)
    tab = canvas.mask(
        turned(rounded(672, 270, 694, 330, 9), -12, (683, 276)), turned(rounded(678, 306, 688, 322, 4), -12, (683, 276))
    )
    canvas.drop(tab, body, SHADE, (5, 6), 4, 0.5)
    canvas.paint(tab, Linear((670, 270), (700, 330), ((0, "#ffb29c"), (0.4, KESTRUN.accent), (1, "#b52a2c"))))


def _pocket(canvas: Canvas, body: Field) -> None:
    outline = smooth(
        [
            (300, 400),
            (320, 372),
            (480, 366),
            (640, 372),
            (660, 400),
            (664, 540),
            (640, 578),
            (480, 584),
            (320, 578),
            (296, 540),
        ]
    )
    pocket = canvas.mask(outline)
    canvas.drop(pocket, body, SHADE, (6, 9), 9, 0.5)
    canvas.paint(pocket, Linear((300, 366), (640, 590), ((0, "#5060fb"), (0.45, "#1c2ccb"), (1, "#0d1576"))))
    canvas.inner(pocket, "#c3cbff", (-3, -4), 3, 0.6)
    canvas.inner(pocket, SHADE, (6, 10), 12, 0.35)
    canvas.paint(canvas.mask(rounded(330, 394, 630, 404, 5)), KESTRUN.ink)
    parts = ((kestrun_mark.bar, WHITE), (kestrun_mark.leg, WHITE), (kestrun_mark.wing, _LIME))
    for part, tint in parts:
        mask = canvas.mask(part((386, 424), 136))
        canvas.drop(mask, pocket, SHADE, (4, 5), 4, 0.45)
        canvas.paint(mask, Linear((0, 420), (0, 568), ((0, mix(tint, WHITE, 0.4)), (1, mix(tint, KESTRUN.ink, 0.14)))))


def _handle(canvas: Canvas, *, back: bool) -> None:
    """A carrying strap; the one at the back is a little higher and darker."""
    rise = -22 if back else 0
    low = 300 if back else 612
    left = [(330, low), (336, 300), (360, 190 + rise), (430, 120 + rise), (480, 112 + rise)]
    spine = smooth(left + [(960 - x, y) for x, y in left[-2::-1]], closed=False)
    strap = canvas.mask(ribbon(spine, [30] * 3))
    if not back:
        canvas.drop(strap, canvas.mask(_BODY), SHADE, (7, 7), 6, 0.45)
    tones = ("#0d1247", "#070a2c") if back else ("#323c9c", KESTRUN.ink)
    canvas.paint(strap, Linear((330, 110), (620, 420), ((0, tones[0]), (1, tones[1]))))
    if not back:
        canvas.inner(strap, "#aeb8ff", (-2, -3), 2, 0.55)
        grip = canvas.mask(
            ribbon(smooth([(408, 134), (440, 116), (480, 110), (520, 116), (552, 134)], closed=False), [44] * 3)
        )
        canvas.paint(grip, Linear((0, 90), (0, 150), ((0, "#ff9b80"), (0.4, KESTRUN.accent), (1, "#98202c"))))
        canvas.inner(grip, WHITE, (-2, -4), 3, 0.5)
