"""The logos: a symbol beside a wordmark, trimmed, readable at 100 pixels."""

from __future__ import annotations

import importlib.resources
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from brand_art import kestrun_mark
from brand_art.canvas import SUPERSAMPLING, Canvas
from brand_art.paints import Field
from brand_art.palettes import FARHOLM, KESTRUN, MARROWBY
from brand_art.shapes import ellipse, polygon, ribbon, smooth

_WIDTH, _HEIGHT = 680, 200
_GROTESQUE = ("fontpkg_bricolage_grotesque", "BricolageGrotesque[opsz,wdth,wght].ttf")
_ITALIC = ("fontpkg_archivo", "Archivo-Italic[wdth,wght].ttf")
_SERIF = ("fontpkg_fraunces", "Fraunces[SOFT,WONK,opsz,wght].ttf")


def farholm() -> Image.Image:
    """A sun over a mountain in a round window, and a serif wordmark."""
    canvas = Canvas(_WIDTH, _HEIGHT)
    disc = canvas.mask(ellipse((90, 100), (72, 72)))
    canvas.paint(disc, FARHOLM.primary)
    canvas.paint(canvas.mask(ellipse((120, 72), (18, 18))), FARHOLM.accent)
    canvas.paint(canvas.mask(polygon((0, 190), (72, 74), (104, 124), (122, 104), (180, 190))) * disc, FARHOLM.secondary)
    canvas.paint(canvas.mask(polygon((72, 74), (92, 106), (76, 112), (66, 102), (50, 110))), FARHOLM.paper)
    word = _word("Farholm", _SERIF, 112, (72, 680, 40, 0), (184, 136))
    canvas.paint(word, FARHOLM.primary)
    return canvas.finished()


def kestrun() -> Image.Image:
    """A winged K and a wide slanted wordmark."""
    canvas = Canvas(_WIDTH, _HEIGHT)
    canvas.paint(canvas.mask(kestrun_mark.bar((2, 30), 140)), KESTRUN.primary)
    canvas.paint(canvas.mask(kestrun_mark.leg((2, 30), 140)), KESTRUN.primary)
    canvas.paint(canvas.mask(kestrun_mark.wing((2, 30), 140)), KESTRUN.accent)
    word = _word("KESTRUN", _ITALIC, 74, (900, 108), (186, 132))
    canvas.paint(word, KESTRUN.primary)
    return canvas.finished()


def marrowby() -> Image.Image:
    """A pumpkin with a leaf, and a round friendly wordmark."""
    canvas = Canvas(_WIDTH, _HEIGHT)
    for across, width, parting in ((42, 34, 0), (118, 34, 0), (58, 36, -4), (102, 36, 4), (80, 30, -4)):
        lobe = canvas.mask(ellipse((across, 112), (width, 54)))
        canvas.paint(lobe, MARROWBY.primary)
        if parting:
            canvas.inner(lobe, MARROWBY.paper, (parting, 0), 0, 0.55)
    canvas.paint(
        canvas.mask(ribbon(smooth([(80, 66), (80, 46), (94, 28)], closed=False), [18, 14, 16])), MARROWBY.accent
    )
    canvas.paint(canvas.mask(smooth([(80, 54), (54, 30), (20, 36), (44, 58)])), MARROWBY.accent)
    word = _word("Marrowby", _GROTESQUE, 92, (48, 760, 100), (170, 140))
    canvas.paint(word, MARROWBY.accent)
    return canvas.finished()


def _word(text: str, font: tuple[str, str], size: float, axes: Sequence[float], at: tuple[float, float]) -> Field:
    """Coverage of a word in a variable font (package, file); `at` is the left end of its baseline."""
    package, name = font
    with importlib.resources.as_file(importlib.resources.files(package) / "files" / name) as file:
        face = ImageFont.truetype(str(file), size * SUPERSAMPLING)
    face.set_variation_by_axes(list(axes))
    sheet = Image.new("L", (_WIDTH * SUPERSAMPLING, _HEIGHT * SUPERSAMPLING))
    ImageDraw.Draw(sheet).text((at[0] * SUPERSAMPLING, at[1] * SUPERSAMPLING), text, 255, face, anchor="ls")
    return np.asarray(sheet, np.float32) / np.float32(255)
