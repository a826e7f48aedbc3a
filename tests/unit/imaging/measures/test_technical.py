"""Each planted defect moves the number that is named after it, and by as much as was planted."""

import cv2
import numpy as np
import pytest

from imaging.measures import edges
from imaging.measures.subject import Subject
from imaging.measures.technical import TechnicalCheck, colourfulness, grey_histogram
from routing.scoring.criteria import CRITERIA, SOUND
from tests.unit.imaging.measures.ads import FORM, PALETTE, Ad, blurred, brightened, changed, noisy, subject

CLEAN = subject()


def numbers(of):
    return {m.name.removeprefix("technical."): m.value for m in TechnicalCheck().measure(of)}


def edge_blur(of):
    return edges.edge_blur(of.rows, 8.0)


def noise_deviation(of):
    return edges.noise_deviation(of.rows)


def plain(level, side=64):
    return Subject(np.full((side, side, 3), level, np.uint8), PALETTE, FORM)


@pytest.mark.parametrize("sigma", [1.5, 2.5, 4.0])
def test_blur_is_found_and_measured(sigma):
    assert edge_blur(CLEAN) < 1.0
    assert edge_blur(blurred(CLEAN, sigma)) == pytest.approx(sigma, rel=0.25)
    assert edges.laplacian_variance(blurred(CLEAN, sigma).rows) < edges.laplacian_variance(CLEAN.rows) / 4


def test_blur_of_a_background_is_no_defect_while_the_subject_is_sharp():
    soft = cv2.GaussianBlur(CLEAN.pixels, (0, 0), 6)
    soft[300:] = CLEAN.pixels[300:]
    assert CRITERIA["technical.edge_blur"].merit(edge_blur(changed(CLEAN, soft))) >= SOUND


@pytest.mark.parametrize("deviation", [3.0, 8.0, 20.0])
def test_noise_is_found_and_measured(deviation):
    assert noise_deviation(CLEAN) < 1.0
    assert noise_deviation(noisy(CLEAN, deviation)) == pytest.approx(deviation, rel=0.25)


def test_clipping_is_found_at_both_ends():
    assert numbers(CLEAN)["clipped_highlights"] < 0.03
    assert numbers(brightened(CLEAN, 240))["clipped_highlights"] > 0.9
    assert numbers(brightened(CLEAN, -235))["clipped_shadows"] > 0.5
    assert numbers(CLEAN)["clipped_shadows"] == 0.0


def test_an_end_that_is_a_brand_colour_is_no_clipping():
    white_paper = PALETTE.model_copy(update={"paper": "#ffffff", "ink": "#000000"})
    for level, name in ((255, "clipped_highlights"), (0, "clipped_shadows")):
        assert numbers(plain(level))[name] == 1.0
        assert numbers(Subject(plain(level).pixels, white_paper, FORM))[name] == 0.0


def test_exposure_and_contrast_of_known_images():
    assert numbers(plain(51))["exposure"] == pytest.approx(0.2)
    assert numbers(plain(51))["contrast"] == 0.0
    halves = plain(0).pixels.copy()
    halves[:32] = 255
    assert numbers(changed(plain(0), halves))["contrast"] == pytest.approx(0.5)
    assert numbers(changed(plain(0), halves))["entropy"] == pytest.approx(1.0)


def test_entropy_of_evenly_spread_levels_is_eight_bits():
    levels = np.arange(256, dtype=np.uint8).reshape(16, 16)
    assert numbers(Subject(np.dstack([levels] * 3), PALETTE, FORM))["entropy"] == pytest.approx(8.0)
    assert grey_histogram(levels).sum() == pytest.approx(1.0)


def test_colourfulness_follows_the_formula_and_the_eye():
    red = np.zeros((8, 8, 3), np.uint8)
    red[..., 2] = 200
    assert colourfulness(red) == pytest.approx(0.3 * np.hypot(200, 100))
    grey = cv2.cvtColor(cv2.cvtColor(CLEAN.pixels, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    half = (CLEAN.pixels.astype(int) + grey) // 2
    assert colourfulness(grey) == pytest.approx(0.0, abs=1e-4)
    assert 0.0 < colourfulness(half.astype(np.uint8)) < colourfulness(CLEAN.pixels)


def test_a_final_compares_with_its_draft():
    draft, final = (numbers(subject(Ad(width=side, height=side))) for side in (512, 1080))
    assert final["edge_blur"] == pytest.approx(draft["edge_blur"], abs=0.15)
    assert final["exposure"] == pytest.approx(draft["exposure"], abs=0.01)
    assert final["sharpness"] == pytest.approx(draft["sharpness"], rel=0.25)


def test_an_image_without_an_edge_is_as_blurred_as_can_be():
    assert numbers(plain(120))["edge_blur"] == 8.0
