"""What is measured is what is painted: fast computations agree with plain ones."""

from __future__ import annotations

import cv2
import numpy as np

from imaging.composer.colour.behind import look_behind
from imaging.composer.paint.brush import Sheet, blurred
from imaging.composer.paint.painter import _laid_through, paint_scrim
from imaging.composer.scene.geometry import Rect
from imaging.composer.scene.scene import Scrim
from infra.providers.composer import keep_memory

RNG = np.random.Generator(np.random.PCG64(11))
BOX = Rect(left=100, top=600, right=700, bottom=800)


def _cloud(high: int, wide: int, channels: int = 3) -> np.ndarray:
    coarse = RNG.integers(0, 256, (9, 7, channels), np.uint8)
    return cv2.resize(coarse, (wide, high), interpolation=cv2.INTER_CUBIC)


def _apart(one: np.ndarray, other: np.ndarray) -> int:
    return int(np.abs(one.astype(int) - other.astype(int)).max())


def test_a_patch_has_every_second_pixel_of_its_box():
    sheet = Sheet(_cloud(512, 410), 0.41)
    patch = look_behind(sheet, {"headline": BOX}, None, 2).patch("headline")
    assert _apart(patch.pixels, sheet.pixels[::2, ::2][patch.window]) == 0
    assert patch.lit is patch
    assert patch.ends[0] < patch.ends[1]


def test_a_veil_tried_on_a_patch_is_the_veil_that_is_painted():
    sheet = Sheet(_cloud(512, 410), 0.41)
    scrim = Scrim(boxes=(BOX,), colour=(240, 200, 30), strength=0.65)
    patch = look_behind(sheet, {"headline": BOX}, None, 2).veiled(scrim).patch("headline")
    paint_scrim(sheet, scrim)
    assert _apart(patch.pixels, sheet.pixels[::2, ::2][patch.window]) <= 3


def test_a_shadow_darkens_what_is_measured():
    sheet = Sheet(_cloud(512, 410), 0.41)
    shade = np.full((128, 103), 128, np.uint8)
    patch = look_behind(sheet, {"legal": BOX}, shade, 2).patch("legal")
    assert patch.lit.ends[1] < 0.5 * patch.ends[1]


def test_a_hard_edge_disturbs_and_a_gradient_does_not():
    plain = np.tile(np.linspace(90, 130, 410).astype(np.uint8)[None, :, None], (512, 1, 3))
    edged = plain.copy()
    edged[:, 120:128] = 255
    calm, troubled = (
        look_behind(Sheet(pixels, 0.41), {"line": BOX}, None, 2).clutter(("line",)) for pixels in (plain, edged)
    )
    assert calm < 1.5 < troubled


def test_a_blur_in_floats_differs_by_one_level_at_most():
    mask = np.ascontiguousarray(_cloud(90, 70, 1)) > 128
    mask = mask.astype(np.uint8).reshape(90, 70) * 255
    assert _apart(blurred(mask, 2.5), cv2.GaussianBlur(mask, (17, 17), 2.5)) <= 1


def test_what_is_laid_through_a_window_is_mixed_along_its_edge():
    page, above = Sheet(_cloud(80, 60), 0.06), _cloud(80, 60)
    mask = np.zeros((80, 60), np.uint8)
    cv2.circle(mask, (30, 40), 20, 255, cv2.FILLED, cv2.LINE_AA)
    share = mask[..., None] / 255
    wanted = page.pixels * (1 - share) + above * share
    _laid_through(page, above, mask)
    assert np.abs(page.pixels - wanted).max() <= 0.51


def test_memory_can_be_kept_twice():
    assert keep_memory() is keep_memory()
