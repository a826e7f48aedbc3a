"""The painter's own shapes, letters and light, measured in pixels."""

from __future__ import annotations

import numpy as np
import pytest

from imaging.composer.paint.brush import lay, sheet
from imaging.composer.paint.finish import finish
from imaging.composer.scene.geometry import Rect
from imaging.composer.scene.scene import TextBlock, TextLine
from imaging.composer.type.lettering import _draw_block
from imaging.fonts.runs import Voice

BLACK, WHITE = (0, 0, 0), (255, 255, 255)


def _area(page) -> float:
    """Square units painted white on black."""
    return float(page.pixels[..., 0].sum() / 255 / page.scale**2)


@pytest.mark.parametrize("width", [240, 1080])
@pytest.mark.parametrize("radius", [30, 300])
def test_a_circle_is_as_large_as_it_says_at_every_size(width, radius):
    page = sheet(width, width, BLACK)
    page.circle((500, 500), radius, WHITE)
    edge = 1 / page.scale  # a smooth edge reaches half a pixel out, and rounding as much again
    assert np.pi * (radius - edge) ** 2 < _area(page) < np.pi * (radius + edge) ** 2


def test_a_ring_is_hollow_and_a_sector_a_part():
    page = sheet(500, 500, BLACK)
    page.ring((500, 500), 200, 60, WHITE)
    assert _area(page) == pytest.approx(2 * np.pi * 200 * 60, rel=0.08)
    assert page.pixels[250, 250].max() == 0
    quarter = sheet(500, 500, BLACK)
    quarter.sector((500, 500), 300, (0, 90), WHITE)
    assert _area(quarter) == pytest.approx(np.pi * 300**2 / 4, rel=0.03)
    assert quarter.pixels[350, 350].min() == 255
    assert quarter.pixels[150, 150].max() == 0


def test_edges_are_smooth():
    page = sheet(200, 200, BLACK)
    page.polygon([(100, 100), (900, 300), (700, 900)], WHITE)
    levels = np.unique(page.pixels)
    assert len(levels) > 8
    assert {0, 255} <= set(levels.tolist())


@pytest.mark.parametrize("opacity", [0, 64, 128, 255])
def test_a_colour_is_laid_with_the_given_opacity(opacity):
    part = np.full((4, 5, 3), 200, np.uint8)
    lay(part, (40, 90, 255), np.full((4, 5), opacity, np.uint8))
    wanted = np.array((200, 200, 200)) + (np.array((40, 90, 255)) - 200) * opacity / 255
    assert np.abs(part - wanted).max() <= 1


def _lettered(width: int) -> np.ndarray:
    page = sheet(width, width // 2, BLACK)
    line = TextLine(text="Hamburg Aurora", left=120.3, baseline=260.7)
    box = Rect(left=120, top=180, right=900, bottom=280)
    block = TextBlock(role="headline", lines=(line,), box=box, family="Inter", weight=700, size=83, ink=WHITE)
    _draw_block(page, block, Voice("Inter", 700, "en", rtl=False))
    return page.pixels[..., 0].astype(np.float64)


def test_letters_have_the_same_place_at_every_size():
    centres = []
    for width in (410, 640, 1080):
        ink = _lettered(width)
        rows, columns = np.indices(ink.shape)
        centres.append(((columns + 0.5) * ink).sum() / ink.sum() * 1000 / width)
        centres.append(((rows + 0.5) * ink).sum() / ink.sum() * 1000 / width)
    assert np.ptp(centres[::2]) < 1.5
    assert np.ptp(centres[1::2]) < 1.5


def test_letters_that_leave_the_sheet_are_cut():
    page = sheet(300, 150, BLACK)
    line = TextLine(text="Hamburg", left=-150, baseline=480)
    box = Rect(left=-150, top=300, right=800, bottom=500)
    block = TextBlock(role="headline", lines=(line,), box=box, family="Inter", weight=700, size=300, ink=WHITE)
    _draw_block(page, block, Voice("Inter", 700, "en", rtl=False))
    assert page.pixels[100:, 0].max() > 0


def test_grain_differs_by_seed_and_keeps_the_mean():
    flat = np.full((700, 600, 3), 128, np.uint8)
    one, other = finish(flat, None, (), 1.0, 1), finish(flat, None, (), 1.0, 2)
    assert flat.min() == flat.max() == 128
    assert not np.array_equal(one, other)
    middle = one[300:400, 250:350].astype(np.float64)
    assert 2.0 < middle.std() < 4.5
    assert np.ptp(middle.reshape(-1, 3).mean(axis=0)) < 0.5
