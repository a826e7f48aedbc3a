import numpy as np
import pytest

from imaging.ciede2000 import ciede2000
from imaging.measures.brand.colour import BrandColourCheck
from imaging.measures.brand.dominant import dominant_colours, palette_distance
from imaging.measures.brand.palette_table import ROLES, hex_to_bgr, table_of
from imaging.measures.subject import Subject
from imaging.pixels import to_lab
from tests.unit.imaging.measures.ads import FORM, PALETTE, Ad, changed, subject


def numbers(of):
    return {m.name.removeprefix("brand_colour."): m.value for m in BrandColourCheck().measure(of)}


def painted(*shares):
    """An image of stripes: (colour, rows of 100)."""
    rows = [np.repeat(np.repeat(hex_to_bgr(colour), rows, axis=0), 100, axis=1) for colour, rows in shares]
    return Subject(np.concatenate(rows), PALETTE, FORM)


def test_coverage_is_the_painted_share():
    found = numbers(painted(("#e4572e", 30), ("#ffc914", 10), ("#f4efe6", 20), ("#3fa34d", 40)))
    assert found["coverage"] == pytest.approx(0.40, abs=0.01)
    assert found["ground"] == pytest.approx(0.20, abs=0.01)
    assert found["primary_distance"] < 1.0
    assert found["accent_distance"] < 1.0
    assert found["secondary_distance"] > 20.0


def test_distance_is_that_of_the_dominant_colours():
    green = float(ciede2000(to_lab(hex_to_bgr("#3fa34d"))[0, 0], table_of(PALETTE).lab).min())
    found = numbers(painted(("#e4572e", 50), ("#3fa34d", 50)))
    assert found["distance"] == pytest.approx(green / 2, rel=0.05)


def test_recolouring_a_brand_block_is_seen():
    brand, other = numbers(subject()), numbers(subject(Ad(block="#7b2d8b")))
    assert other["coverage"] < brand["coverage"] - 0.1
    assert other["primary_distance"] > brand["primary_distance"] + 10
    assert other["distance"] > brand["distance"] + 1


def test_a_grey_image_has_no_brand_colour():
    grey = np.full((80, 80, 3), 128, np.uint8)
    assert numbers(changed(subject(), grey))["coverage"] == 0.0


def test_the_table_is_near_the_exact_difference_everywhere():
    pixels = np.random.default_rng(2).integers(0, 256, (1, 4000, 3), dtype=np.uint8)
    table = table_of(PALETTE)
    exact = ciede2000(to_lab(pixels)[0][:, None], table.lab[None])
    error = np.abs(table.of(pixels) - exact)
    assert np.quantile(error, 0.99) < 3.0
    assert error.mean() < 1.0
    assert table.of(pixels).shape == (4000, len(ROLES))


def test_a_palette_is_built_once():
    assert table_of(PALETTE) is table_of(PALETTE.model_copy())


def test_dominant_colours_find_a_small_button():
    colours = dominant_colours(painted(("#f4efe6", 96), ("#e4572e", 4)).small)
    assert colours.shares.sum() == pytest.approx(1.0)
    assert list(colours.shares) == sorted(colours.shares, reverse=True)
    assert ciede2000(colours.lab, to_lab(hex_to_bgr("#e4572e"))[0, 0]).min() < 2.0


def test_palette_distance_is_the_earth_movers():
    half = dominant_colours(painted(("#e4572e", 50), ("#17618f", 50)).small)
    more = dominant_colours(painted(("#e4572e", 70), ("#17618f", 30)).small)
    apart = float(ciede2000(to_lab(hex_to_bgr("#e4572e"))[0, 0], to_lab(hex_to_bgr("#17618f"))[0, 0]))
    assert palette_distance(half, half) == pytest.approx(0.0, abs=1e-4)
    assert palette_distance(half, more) == pytest.approx(0.2 * apart, rel=0.05)
    assert palette_distance(half, more) == pytest.approx(palette_distance(more, half), rel=1e-4)
