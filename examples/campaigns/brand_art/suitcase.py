"""A rolling suitcase with a ribbed shell, seen a little from the right; light from the top left."""

from __future__ import annotations

from PIL import Image

from brand_art.canvas import Canvas
from brand_art.paints import Field, Linear, Radial, mix
from brand_art.palettes import FARHOLM, SHADE, WHITE
from brand_art.shapes import ellipse, polygon, ribbon, rounded, smooth

_CORAL = FARHOLM.accent
_DEEP = mix(_CORAL, "#8c1f2f", 0.62)
_LIGHT = mix(_CORAL, "#ffd9a8", 0.5)
_TEAL = FARHOLM.primary
_FACE = rounded(60, 262, 500, 836, 66)
_SIDE = rounded(118, 270, 590, 830, 66)
_METAL = ((0, "#5f7f8a"), (0.3, "#f4fafa"), (0.55, "#a9c3c8"), (1, "#41606b"))


def draw() -> Image.Image:
    """The suitcase, about 560 by 900 pixels."""
    canvas = Canvas(640, 920)
    _telescope(canvas)
    _wheels(canvas)
    _side(canvas)
    face = _shell(canvas)
    _ribs(canvas, face)
    _corners(canvas, face)
    _badge(canvas)
    _top_handle(canvas)
    _tag(canvas)
    return canvas.finished()


def _telescope(canvas: Canvas) -> None:
    for left in (172, 382):
        canvas.paint(canvas.mask(rounded(left, 40, left + 24, 300, 6)), Linear((left, 0), (left + 24, 0), _METAL))
        canvas.paint(canvas.mask(rounded(left - 5, 238, left + 29, 290, 8)), FARHOLM.ink)
    grip = canvas.mask(rounded(154, 16, 424, 66, 24))
    canvas.paint(grip, Linear((0, 16), (0, 66), ((0, mix(_TEAL, WHITE, 0.28)), (0.4, _TEAL), (1, FARHOLM.ink))))
    canvas.inner(grip, WHITE, (-3, -4), 2, 0.5)


def _wheels(canvas: Canvas) -> None:
    for across, size in ((548, 0.86), (128, 1.0), (432, 1.0)):
        fork = polygon((across - 34 * size, 810), (across + 34 * size, 810), (across + 22, 866), (across - 22, 866))
        canvas.paint(canvas.mask(fork), FARHOLM.ink)
        tyre = canvas.mask(ellipse((across, 866), (38 * size, 38 * size)))
        canvas.paint(tyre, Radial((across - 10, 852), (62, 62), ((0, "#46636f"), (0.6, "#12303c"), (1, "#071c25"))))
        canvas.paint(canvas.mask(ellipse((across, 866), (19 * size, 19 * size))), FARHOLM.secondary)
        canvas.paint(canvas.mask(ellipse((across + 2, 868), (11 * size, 11 * size))), _TEAL)


def _side(canvas: Canvas) -> None:
    side = canvas.mask(_SIDE)
    canvas.paint(
        side, Linear((490, 0), (592, 0), ((0, mix(_DEEP, SHADE, 0.25)), (0.5, _DEEP), (1, mix(_DEEP, SHADE, 0.4))))
    )
    canvas.paint(canvas.stroke(rounded(104, 262, 548, 836, 66), 9, closed=True) * side, FARHOLM.ink)
    canvas.paint(canvas.stroke(rounded(104, 262, 553, 836, 66), 3, closed=True) * side, FARHOLM.secondary, 0.7)
    canvas.inner(side, "#ff9b86", (6, 0), 5, 0.5)


def _shell(canvas: Canvas) -> Field:
    face = canvas.mask(_FACE)
    canvas.drop(face, canvas.mask(_SIDE), SHADE, (12, 4), 8, 0.5)
    stops = ((0, _LIGHT), (0.32, mix(_CORAL, WHITE, 0.08)), (0.68, _CORAL), (1, mix(_CORAL, _DEEP, 0.6)))
    canvas.paint(face, Linear((80, 262), (480, 850), stops))
    return face


def _ribs(canvas: Canvas, face: Field) -> None:
    for left in range(118, 440, 68):
        groove = canvas.mask(rounded(left, 306, left + 42, 792, 21)) * face
        canvas.paint(groove, Linear((left, 0), (left + 42, 0), ((0, _DEEP), (0.45, _CORAL), (1, _LIGHT))), 0.62)
        canvas.inner(groove, mix(_DEEP, SHADE, 0.3), (-4, -3), 3, 0.55)
        canvas.inner(groove, "#ffe9cf", (3, 3), 2, 0.65)
    canvas.inner(face, mix(_DEEP, SHADE, 0.4), (16, 18), 16, 0.55)
    canvas.inner(face, "#fff3dd", (-5, -6), 3, 0.85)
    sheen = canvas.mask(polygon((60, 440), (60, 300), (250, 262), (420, 262)))
    canvas.paint(sheen * face, WHITE, 0.13)


def _corners(canvas: Canvas, face: Field) -> None:
    for across, down in ((60, 262), (500, 262), (60, 836), (500, 836)):
        guard = canvas.mask(ellipse((across, down), (104, 104))) * face
        canvas.drop(guard, face, SHADE, (4, 6), 6, 0.35)
        canvas.paint(
            guard, Linear((across - 60, down - 90), (across + 60, down + 90), ((0, "#2f8296"), (1, FARHOLM.ink)))
        )
        canvas.inner(guard, WHITE, (-3, -4), 2, 0.5)
        canvas.inner(guard, SHADE, (5, 5), 5, 0.35)


def _badge(canvas: Canvas) -> None:
    ring = canvas.mask(ellipse((280, 560), (86, 86)))
    canvas.drop(ring, canvas.mask(_FACE), SHADE, (5, 8), 7, 0.4)
    canvas.paint(ring, Linear((210, 480), (350, 650), ((0, WHITE), (1, mix(FARHOLM.paper, "#d8c9a9", 0.5)))))
    disc = canvas.mask(ellipse((280, 560), (73, 73)))
    canvas.paint(disc, Linear((0, 487), (0, 633), ((0, _TEAL), (0.7, "#4aa9b0"), (1, FARHOLM.secondary))))
    canvas.paint(canvas.mask(ellipse((304, 534), (17, 17))), "#ffd08a")
    canvas.paint(canvas.mask(polygon((200, 640), (262, 530), (296, 580), (318, 556), (370, 640))) * disc, FARHOLM.ink)
    canvas.paint(canvas.mask(polygon((262, 530), (282, 560), (266, 568), (256, 560), (243, 566))) * disc, FARHOLM.paper)
    canvas.paint(
        canvas.mask(smooth([(190, 620), (250, 600), (310, 612), (375, 590), (380, 650), (190, 660)])) * disc,
        FARHOLM.paper,
    )


def _top_handle(canvas: Canvas) -> None:
    arch = ribbon(
        smooth([(206, 268), (222, 236), (280, 226), (338, 236), (354, 268)], closed=False), [30, 24, 24, 24, 30]
    )
    handle = canvas.mask(arch)
    canvas.paint(handle, Linear((0, 222), (0, 270), ((0, "#2f8296"), (1, FARHOLM.ink))))
    canvas.inner(handle, WHITE, (-2, -4), 2, 0.55)


def _tag(canvas: Canvas) -> None:
    canvas.paint(canvas.stroke(smooth([(350, 248), (398, 262), (418, 300)], closed=False), 6), FARHOLM.ink)
    outline = [(402, 290), (440, 292), (468, 400), (402, 418), (376, 312)]
    tag = canvas.mask(polygon(*outline))
    canvas.drop(tag, canvas.mask(_FACE), SHADE, (8, 8), 7, 0.4)
    canvas.paint(tag, Linear((390, 290), (460, 410), ((0, FARHOLM.paper), (1, "#e3d3b0"))))
    canvas.paint(canvas.mask(ellipse((414, 308), (9, 9))), FARHOLM.ink)
    for down in (340, 362, 384):
        start = 398 + (down - 340) * 0.2
        canvas.paint(canvas.stroke(polygon((start, down + 4), (start + 44, down - 6)), 6), _TEAL, 0.8)
