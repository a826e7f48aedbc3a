"""Paints a scene: first what is behind the words, then the images and the words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import cast

import cv2
import numpy as np

from imaging.colour import RgbColour, shade
from imaging.composer.colour.scheme import Scheme
from imaging.composer.grounds import paint_ground
from imaging.composer.layouts.plan import WIDE_ABOVE
from imaging.composer.paint.artwork import Sprite
from imaging.composer.paint.brush import Sheet, blurred, flat, sheet
from imaging.composer.paint.outlines import arrow, outlines, rounded, star
from imaging.composer.paint.sprites import lay_logo, lay_product, lay_shadow
from imaging.composer.scene.geometry import WIDTH, Rect, canvas
from imaging.composer.scene.scene import Button, QuoteMark, Scene, Scrim
from imaging.composer.type.lettering import draw_texts
from imaging.pixels import Levels, RgbImage

_FADE = 42.0
"""Units (standard deviation) over which a veil fades out."""
_VEIL = 100
"""Pixels across of a veil's opacity before it is stretched over the sheet."""


def paint_behind(scene: Scene, scheme: Scheme, width: int, height: int) -> Sheet:
    """A sheet of `width` x `height` pixels with what is behind the words and images of `scene`."""
    page = sheet(width, height, scene.outside)
    art = page if _covers(scene) else sheet(width, height, scheme.base)
    paint_ground(art, scene.axes.ground, scheme, scene.axes.detail, scene.motif)
    if art is not page:
        _show_through(page, art, scene)
    if scene.disc is not None:
        _paint_disc(page, scene.disc, scene.disc_fill, scene.disc_shape)
    if scene.panel is not None:
        page.polygon(rounded(scene.panel.box, max(scene.panel.corner, 0.5)), scene.panel.fill)
    if scene.mark is not None:
        _paint_mark(page, scene.mark)
    if scene.rule is not None:
        page.polygon(rounded(scene.rule, 2), scene.rule_fill)
    return page


def paint_front(page: Sheet, scene: Scene, sprites: Mapping[str, Sprite]) -> None:
    """Paint scrims, product, button, logo and text of `scene` on `page`."""
    for scrim in scene.scrims:
        paint_scrim(page, scrim)
    if scene.scrims and not _covers(scene) and all(_in_window(scrim, scene) for scrim in scene.scrims):
        _paint_outside(page, scene)
    if scene.product is not None:
        lay_product(page, scene.product, sprites[scene.product.key])
    if scene.button is not None:
        ink = next((block.ink for block in scene.blocks if block.role == "call_to_action"), scene.button.fill)
        _paint_button(page, scene.button, ink, rtl=scene.rtl)
    if scene.logo is not None:
        lay_logo(page, scene.logo, sprites[scene.logo.key])
    draw_texts(page, scene)


def paint_scrim(page: Sheet, scrim: Scrim) -> None:
    """A veil from the nearest edge of the sheet to the boxes, fading out beyond them."""
    page.veil(scrim.colour, scrim_mask(scrim, page.height))


def scrim_mask(scrim: Scrim, height: float) -> Levels:
    """The opacity of a veil on a sheet `height` units high. A hundred pixels across are enough, because it is soft."""
    return cast("Levels", cv2.convertScaleAbs(_veil_mask(_veiled(scrim.boxes, height), height), None, scrim.strength))


@lru_cache(maxsize=16)
def _veil_mask(outline: Rect, height: float) -> Levels:
    """An opaque veil; callers try several strengths of it."""
    factor = _VEIL / WIDTH
    mask = np.zeros((max(round(height * factor), 1), _VEIL), dtype=np.uint8)
    cv2.fillPoly(mask, [np.rint(rounded(outline, 0.5) * factor).astype(np.int32)], 255)
    return blurred(mask, _FADE * factor)


def _veiled(boxes: tuple[Rect, ...], height: float) -> Rect:
    """The part of the sheet from its nearest edge to the far side of `boxes`, with room for the fade."""
    left, right = min(box.left for box in boxes), max(box.right for box in boxes)
    top, bottom = min(box.top for box in boxes), max(box.bottom for box in boxes)
    whole, beyond = canvas(height).grown(4 * _FADE), 2.2 * _FADE
    if height < WIDTH / WIDE_ABOVE:
        if left + right < WIDTH:
            return whole.model_copy(update={"right": right + beyond})
        return whole.model_copy(update={"left": left - beyond})
    if top + bottom < height:
        return whole.model_copy(update={"bottom": bottom + beyond})
    return whole.model_copy(update={"top": top - beyond})


def _paint_button(page: Sheet, button: Button, ink: RgbColour, *, rtl: bool) -> None:
    height = button.box.height
    radius = {"pill": height / 2, "rounded": 0.28 * height, "square": 0.5}[button.shape]
    lay_shadow(page, button.box)
    page.polygon(rounded(button.box, radius), button.fill)
    if button.arrow is not None:
        page.polygon(arrow(button.arrow, mirrored=rtl), ink)


def _paint_disc(page: Sheet, disc: Rect, fill: RgbColour, shape: str) -> None:
    """The disc or star behind a product, with a paler rim."""
    radius = min(disc.width, disc.height) / 2
    if shape == "burst":
        page.polygon(star(disc.centre, radius, 0.86), shade(fill, 0.06))
        page.polygon(star(disc.centre, radius * 0.93, 0.86), fill)
        return
    page.circle(disc.centre, radius, shade(fill, 0.06))
    page.circle(disc.centre, radius * 0.9, fill)


def _paint_mark(page: Sheet, mark: QuoteMark) -> None:
    """A pair of raised quotation marks: a ball with a tail each."""
    box = mark.box
    radius = min(box.width * 0.23, box.height * 0.38)
    for left in (box.left, box.left + 2.35 * radius):
        centre = (left + radius, box.bottom - radius)
        page.circle(centre, radius, mark.fill)
        tail = ((-1.0, 0.0), (-0.92, -0.9), (-0.45, -1.75), (0.35, -2.3), (0.62, -1.95), (-0.1, -1.2), (-0.25, -0.6))
        page.polygon([(centre[0] + x * radius, centre[1] + y * radius) for x, y in tail], mark.fill)


def _covers(scene: Scene) -> bool:
    """Whether the artwork covers the whole image."""
    window = scene.window
    return window.left <= 0 and window.top <= 0 and window.right >= WIDTH and window.bottom >= scene.height - 0.5


def _in_window(scrim: Scrim, scene: Scene) -> bool:
    """Whether the words that a veil is for are on the artwork."""
    window = scene.window
    return all(
        box.left >= window.left and box.top >= window.top and box.right <= window.right and box.bottom <= window.bottom
        for box in scrim.boxes
    )


def _show_through(page: Sheet, art: Sheet, scene: Scene) -> None:
    """Show the artwork through its window: opaque inside, mixed along the edge."""
    _laid_through(page, art.pixels, _window_mask(page, scene))


def _paint_outside(page: Sheet, scene: Scene) -> None:
    """Remove a veil from what is outside the window."""
    _laid_through(page, flat(page.pixels, scene.outside), 255 - _window_mask(page, scene))


def _laid_through(page: Sheet, above: RgbImage, mask: Levels) -> None:
    """Lay `above` over the page where `mask` is opaque."""
    _, top, _, high = cv2.boundingRect(mask)
    rows = slice(top, top + high)
    through = mask[rows]
    if not through.size:
        return
    part, over = page.pixels[rows], above[rows]
    edge = np.flatnonzero(cv2.inRange(through, 1, 254))
    share = through.reshape(-1, 1)[edge].astype(np.uint16)
    mixed = over.reshape(-1, 3)[edge] * share + part.reshape(-1, 3)[edge] * (255 - share)
    cv2.copyTo(over, through, part)
    part.reshape(-1, 3)[edge] = (mixed + 127) // 255


def _window_mask(page: Sheet, scene: Scene) -> Levels:
    mask = np.zeros(page.pixels.shape[:2], dtype=np.uint8)
    stretch = (1.0, page.height / scene.height)  # rounding to pixels may change an image's height by a unit
    stencil = Sheet(RgbImage(mask), page.scale)  # one channel is enough to paint outlines on
    for outline in outlines(scene.window, scene.corner, mirrored=scene.axes.flipped != scene.rtl):
        stencil.polygon(outline * stretch, (255, 255, 255))
    return mask
