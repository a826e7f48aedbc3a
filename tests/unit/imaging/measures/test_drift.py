import numpy as np
import pytest
from skimage.metrics import structural_similarity

from imaging.measures.drift.structure import layout_distance, ssim
from imaging.measures.drift.structure_and_colour import StructureAndColourDrift
from schemas.campaigns import Format
from schemas.images import Size
from tests.unit.imaging.measures.ads import Ad, blurred, brightened, changed, noisy, subject

SCENE = Ad(width=410, height=512)
DRAFT = subject(SCENE)
FINAL = subject(SCENE.but(width=1080, height=1350))


def numbers(refinement, candidate=DRAFT):
    return {m.name.removeprefix("drift."): m.value for m in StructureAndColourDrift().measure(refinement, candidate)}


@pytest.mark.parametrize("other", [blurred(DRAFT, 2.0), noisy(DRAFT, 12.0), brightened(DRAFT, 30), FINAL])
def test_ssim_agrees_with_the_oracle(other):
    first, second = DRAFT.grey, np.resize(other.grey, DRAFT.grey.shape)
    oracle = structural_similarity(
        first, second, data_range=255, gaussian_weights=True, sigma=1.5, use_sample_covariance=False
    )
    assert ssim(first, second) == pytest.approx(oracle, abs=1e-3)


def test_nothing_moved_is_no_drift():
    found = numbers(DRAFT)
    assert found["structure"] == pytest.approx(1.0, abs=1e-6)
    assert found["layout"] == pytest.approx(0.0, abs=1e-6)
    assert found["colour_places"] == found["brand_coverage"] == 0.0
    assert found["palette"] == pytest.approx(0.0, abs=1e-3)


def test_the_same_scene_in_full_size_hardly_drifts():
    found = numbers(FINAL)
    assert found["structure"] > 0.93
    assert found["layout"] < 0.05
    assert found["colour_places"] < 1.0
    assert found["palette"] < 3.0
    assert abs(found["brand_coverage"]) < 0.05


def test_each_kind_of_drift_moves_its_number():
    moved = numbers(subject(SCENE.but(product=(0.3, 0.3))))
    recoloured = numbers(subject(SCENE.but(block="#3a8f3a")))
    blown = numbers(brightened(DRAFT, 60))
    assert moved["structure"] < 0.93
    assert moved["layout"] > 0.15
    assert moved["palette"] < 2.0
    assert recoloured["structure"] > 0.9
    assert recoloured["palette"] > 4.0
    assert recoloured["colour_places"] > 4.0
    assert recoloured["brand_coverage"] < -0.1
    assert blown["colour_places"] > 8.0
    assert blown["layout"] < moved["layout"]


def test_another_format_is_compared_by_colour_alone():
    form = Format(name="landscape", size=Size(width=1200, height=628))
    wide = subject(SCENE.but(width=1200, height=628), form=form)
    assert set(numbers(wide)) == {"palette", "brand_coverage"}
    assert numbers(wide)["palette"] < numbers(changed(wide, 255 - wide.pixels))["palette"]


def test_rounded_pixels_are_no_other_format():
    assert "structure" in numbers(subject(SCENE.but(width=1080, height=1349)))


def test_layout_distance_is_the_share_of_detail_that_moved():
    dots = np.full((256, 256), 128, np.uint8)
    first, second = dots.copy(), dots.copy()
    first[44:52, 44:52] = second[204:212, 204:212] = 255
    assert layout_distance(first, second) == pytest.approx(1.0, abs=1e-3)
    second[44:52, 44:52] = 255
    assert layout_distance(first, second) == pytest.approx(0.5, abs=1e-3)
    assert layout_distance(dots, dots) == 0.0
