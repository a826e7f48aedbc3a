"""Each kind of drift is named by its own measurement, and nothing harmless by any."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from imaging.measures.brand.palette_table import table_of
from imaging.measures.content.network import Embedding, cosine_distance
from imaging.measures.drift.content import ContentDrift
from imaging.measures.drift.lettering import LetteringDrift
from imaging.measures.drift.registration import register
from imaging.measures.drift.structure import compare
from imaging.measures.drift.structure_and_colour import brand_shifts
from imaging.measures.registry import DRIFT_CHECKS, measure_drift
from routing.scoring.drift import drift_verdict
from schemas.images import Box, Region
from tests.support.factories import make_refinement, make_scorecard
from tests.unit.imaging.measures.ads import Ad, brightened, changed, noisy, subject

AD = Ad(width=410, height=512)
DRAFT = subject(AD)
FINAL = subject(AD.but(width=1080, height=1350))


def verdict(refinement, candidate=DRAFT, **how):
    card = make_scorecard(make_refinement(), drift=measure_drift(refinement, candidate), measurements=())
    return drift_verdict(card, **how)


def cropped(base, share):
    height, width = base.pixels.shape[:2]
    part = base.pixels[: round(height * (1 - share)), round(width * share) :]
    return changed(base, cv2.resize(part, (width, height), interpolation=cv2.INTER_CUBIC))


def with_disc(base, colour, radius=0.06, at=(0.7, 0.38)):
    pixels = base.pixels.copy()
    height, width = pixels.shape[:2]
    cv2.circle(pixels, (round(at[0] * width), round(at[1] * height)), round(radius * height), colour, -1)
    cv2.circle(pixels, (round(at[0] * width), round(at[1] * height)), round(radius * height / 2), (10, 10, 10), -1)
    return changed(base, pixels)


@pytest.mark.parametrize(
    "harmless",
    [FINAL, noisy(FINAL, 4.0), brightened(FINAL, 5), changed(FINAL, FINAL.pixels[..., ::1] * 0.97)],
    ids=["full size", "grain", "a little lighter", "a little darker"],
)
def test_what_is_harmless_passes(harmless):
    judged = verdict(harmless)
    assert judged.passed, judged.reasons


@pytest.mark.parametrize(
    ("drifted", "named"),
    [
        (cropped(FINAL, 0.05), "drift.zoom"),
        (with_disc(FINAL, (40, 160, 60)), "drift.spot"),
        (subject(AD.but(width=1080, height=1350, block="#c4372e")), "drift.brand_colour"),
        (changed(FINAL, FINAL.pixels.astype(float) * (0.72, 0.9, 1.0)), "drift.grade"),
        (subject(AD.but(width=1080, height=1350, headline="Winter is near")), "text.likeness"),
        (subject(AD.but(width=1080, height=1350, product=(0.62, 0.33))), "drift.spot"),
    ],
    ids=["crop", "another thing", "brand hue", "grade", "other letters", "moved"],
)
def test_each_drift_is_named(drifted, named):
    judged = verdict(drifted)
    assert named in judged.broken
    assert len(judged.broken) == len(judged.reasons)


def test_a_crop_is_measured_as_what_it_is():
    grey = cv2.cvtColor(cv2.resize(FINAL.pixels, (205, 256), interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
    matrix = np.array([[1.06, 0.0, 6.0], [0.0, 1.06, -3.0]])
    other = cv2.warpAffine(grey, matrix, (205, 256), borderMode=cv2.BORDER_REPLICATE)
    found = register(grey, other)
    assert found.scale == pytest.approx(1.06, abs=0.004)
    assert found.across * 256 == pytest.approx(6.0 + 0.06 * 102.5, abs=1.0)
    assert found.down * 256 == pytest.approx(-3.0 + 0.06 * 128, abs=1.0)


def test_plain_and_unlike_images_do_not_register():
    plain = np.full((128, 128), 90, np.uint8)
    rng = np.random.default_rng(5)
    first, second = rng.integers(0, 256, (2, 128, 128), dtype=np.uint8)
    assert register(plain, plain) is None
    assert register(first, second) is None


def test_edges_hold_under_another_light_where_ssim_does_not():
    grey = FINAL.grey
    darker = (grey * 0.4 + 10).astype(np.uint8)
    likeness = compare(grey, darker)
    assert likeness.edge_mean() > 0.97
    assert likeness.mean() < 0.8
    assert likeness.worst_spot()[0] > 0.7


def test_the_worst_spot_is_found_where_it_is():
    ground = np.tile(np.linspace(0, 255, 128, dtype=np.uint8), (128, 1))
    ground[::4] //= 2
    other = ground.copy()
    other[20:34, 90:104] = np.random.default_rng(1).integers(0, 256, (14, 14), dtype=np.uint8)
    least, (across, down) = compare(ground, other).worst_spot()
    assert least < 0.4
    assert (across * 128, down * 128) == pytest.approx((97, 27), abs=4)


def test_brand_colours_are_compared_by_role_where_they_were():
    before = DRAFT.pixels
    after = subject(AD.but(block="#e4a02e")).pixels
    shifts = brand_shifts(before, after, table_of(DRAFT.palette))
    assert shifts["primary"] > 10.0
    assert shifts["secondary"] == 0.0


def test_lettering_in_dense_scripts_and_fine_print_is_left_to_the_reader():
    (headline,) = DRAFT.regions
    dense = replace(DRAFT, regions=(headline.model_copy(update={"text": "夏が来た"}),))
    low = headline.box.model_copy(update={"bottom": headline.box.top + 0.012})
    fine = replace(DRAFT, regions=(headline.model_copy(update={"box": low}),))
    assert LetteringDrift().measure(FINAL, DRAFT)
    assert LetteringDrift().measure(FINAL, dense) == ()
    assert LetteringDrift().measure(FINAL, fine) == ()


def test_what_the_network_sees_is_asked_only_where_something_changed():
    assert ContentDrift().measure(FINAL, DRAFT) == ()
    product = Region(role="product", box=Box(left=0.5, top=0.2, right=0.9, bottom=0.56))
    reported = replace(FINAL, regions=(*FINAL.regions, product))
    found = ContentDrift().measure(with_disc(reported, (40, 160, 60)), DRAFT)
    assert [m.name for m in found] == ["drift.content", "drift.product"]
    assert all(m.value > 0.0 and m.measured_by == "open-nsfw" for m in found)


def test_embeddings_of_different_models_give_no_distance_but_a_report():
    first = Embedding(np.ones(4, np.float32), "open-nsfw", "1")
    assert cosine_distance(first, first) == pytest.approx(0.0, abs=1e-6)
    for other in (replace(first, measured_by="clip"), replace(first, measured_by_version="2")):
        assert cosine_distance(first, other) is None
        (found,) = ContentDrift().compared(first, other)
        assert found.name == "drift.not_compared"
        assert "open-nsfw 1" in found.detail
        assert other.maker in found.detail


def test_every_drift_check_keeps_to_its_scales_and_repeats_itself():
    drifted = with_disc(FINAL, (40, 160, 60))
    for comparison in DRIFT_CHECKS:
        found = comparison.measure(drifted, DRAFT)
        scales = {scale.name: scale for scale in comparison.scales}
        assert found == comparison.measure(drifted, DRAFT)
        for m in found:
            assert (m.measured_by, m.measured_by_version) == (comparison.name, comparison.version)
            assert (m.unit, m.low, m.high) == (scales[m.name].unit, scales[m.name].low, scales[m.name].high)


def test_names_are_unique_among_all_drift_checks():
    names = [scale.name for comparison in DRIFT_CHECKS for scale in comparison.scales]
    assert len(set(names)) == len(names)
