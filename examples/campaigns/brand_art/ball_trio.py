"""A golf ball, a tennis ball and a baseball together; light from the top left."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image

from brand_art.canvas import Canvas
from brand_art.paints import Field
from brand_art.palettes import KESTRUN
from brand_art.spheres import Ball, Vectors, dimples, paint_ball, seam, visible_runs

_BASEBALL = Ball(
    (625, 330), 285, ((0.22, "#3f4480"), (0.42, "#9189ae"), (0.6, "#d9d0cd"), (0.78, "#f7f1e8"), (1, "#ffffff"))
)
_TENNIS = Ball(
    (270, 385), 250, ((0.22, "#23511f"), (0.42, "#6c961b"), (0.6, "#b4d92b"), (0.8, "#d8f850"), (1, "#f6ffb4"))
)
_GOLF = Ball(
    (480, 545), 185, ((0.22, "#32387a"), (0.42, "#8088c4"), (0.58, "#c5ccea"), (0.76, "#f3f6ff"), (1, "#ffffff"))
)
_BASEBALL_SEAM = seam((62, -28, 18))
_TENNIS_SEAM = seam((20, 38, -30))
_FELT_SEED = 7
_STITCH_STEP = 9
"""Points of the seam between two stitches."""
_HORIZON, _SHADY_SIDE = 0.02, 0.45
"""Depth on the unit sphere from which a stitch is seen, and the place to the right from which it lies in shade."""


def draw() -> Image.Image:
    """The three balls, about 890 by 710 pixels."""
    canvas = Canvas(940, 760)
    baseball = paint_ball(canvas, _BASEBALL)
    _stitches(canvas, baseball)
    _finish(canvas, baseball, "#c9ccff")
    tennis = canvas.mask(_rim(_TENNIS))
    canvas.drop(tennis, baseball, KESTRUN.ink, (26, 22), 18, 0.55)
    tennis = paint_ball(canvas, _TENNIS, _felt(canvas))
    _tennis_seam(canvas, tennis)
    _finish(canvas, tennis, "#f7ffc0")
    golf = canvas.mask(_rim(_GOLF))
    canvas.drop(golf, np.maximum(tennis, baseball), KESTRUN.ink, (20, 16), 16, 0.6)
    golf = paint_ball(canvas, _GOLF, dimples(canvas, _GOLF, 330, 0.098, 0.36))
    _finish(canvas, golf, "#e5e9ff")
    return canvas.finished()


def _rim(ball: Ball) -> Vectors:
    turn = np.linspace(0, 2 * np.pi, 240)
    return np.stack([ball.middle[0] + ball.radius * np.cos(turn), ball.middle[1] + ball.radius * np.sin(turn)], axis=1)


def _finish(canvas: Canvas, mask: Field, rim: str) -> None:
    canvas.inner(mask, rim, (-4, -5), 4, 0.7)
    canvas.inner(mask, KESTRUN.primary, (7, 8), 10, 0.35)


def _felt(canvas: Canvas) -> Field:
    """A little roughness, drawn at a sixth of the size so that it reads as nap and not as noise."""
    height, width = canvas.covered().shape
    chance = np.random.default_rng(_FELT_SEED)
    rough = chance.normal(0, 0.045, (height // 6, width // 6, 3)).astype(np.float32)
    return np.asarray(cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC))


def _tennis_seam(canvas: Canvas, mask: Field) -> None:
    for run in visible_runs(_TENNIS_SEAM):
        line = _TENNIS.on_image(run)
        canvas.paint(canvas.stroke(line + 3, 15) * mask, "#5d7d16", 0.55)
        canvas.paint(canvas.stroke(line, 13) * mask, "#f6f8ea", 0.95)


def _stitches(canvas: Canvas, mask: Field) -> None:
    """Red stitches that lean back from the seam on both sides."""
    for run in visible_runs(_BASEBALL_SEAM):
        canvas.paint(canvas.stroke(_BASEBALL.on_image(run) + 2, 5) * mask, "#8d8299", 0.75)
    curve = _BASEBALL_SEAM
    along = np.roll(curve, -1, axis=0) - np.roll(curve, 1, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    side = np.cross(curve, along)
    seen = [index for index in range(0, len(curve), _STITCH_STEP) if curve[index, 2] > _HORIZON]
    for index in seen:
        tint = "#e0352b" if curve[index, 0] < _SHADY_SIDE else "#b32537"
        for sign in (-1, 1):
            outer = curve[index] + side[index] * sign * 0.085 - along[index] * 0.05
            stitch = _BASEBALL.on_image(np.stack([curve[index] + along[index] * 0.012, outer]))
            canvas.paint(canvas.stroke(stitch + 2.5, 7) * mask, "#6d2340", 0.3)
            canvas.paint(canvas.stroke(stitch, 6.5) * mask, tint)
