"""The contract of `imaging.measures.check`, run over every check and over images that make formulas fail."""

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from imaging.measures.brand.logo import LogoCheck, LogoSearchCheck
from imaging.measures.check import Scale
from imaging.measures.drift.structure_and_colour import StructureAndColourDrift
from imaging.measures.registry import measure
from imaging.measures.subject import Subject
from imaging.measures.text.other_scripts import OtherScriptsCheck
from imaging.measures.text.wording import WordingCheck
from infra.programs.tesseract import TesseractReaders
from schemas.brands import Copy
from schemas.images import Box, Region
from tests.unit.imaging.measures import tiny_clip
from tests.unit.imaging.measures.ads import FORM, PALETTE, Ad, subject
from workers.scoring.cards import CHECKS, COSTLY_CHECKS

WHOLE = (Region(role="headline", box=Box(left=0, top=0, right=1, bottom=1)),)
CORNER = (Region(role="legal", box=Box(left=0.999, top=0.999, right=1, bottom=1)),)
RNG = np.random.default_rng(3)

LOGO = np.dstack([RNG.integers(0, 256, (30, 120, 3), dtype=np.uint8), np.full((30, 120), 255, np.uint8)])
COPY = Copy(language="en", headline="Summer is here", line="Ice cream", call_to_action="Buy", legal="Terms apply.")
CYRILLIC = Copy(language="ru", headline="Лето в городе", line="Скидка в Northbound", call_to_action="Buy")
ARABIC = Copy(language="ar", direction="rtl", headline="حان وقت السفر", line="", call_to_action="")
EVERYWHERE = (*WHOLE, Region(role="logo", box=Box(left=0, top=0, right=1, bottom=1)))

IMAGES = {
    "an ad": subject(),
    "with everything asked for": Subject(
        RNG.integers(0, 256, (120, 160, 3), dtype=np.uint8),
        PALETTE,
        FORM,
        EVERYWHERE,
        COPY,
        LOGO,
        (),
        asked_for="a red thing",
    ),
    "black, with everything": Subject(
        np.zeros((64, 64, 3), np.uint8), PALETTE, FORM, EVERYWHERE, COPY, LOGO, (), asked_for="black and white"
    ),
    "a plain logo": Subject(np.zeros((64, 64, 3), np.uint8), PALETTE, FORM, EVERYWHERE, None, LOGO * 0, None),
    "in Cyrillic": Subject(RNG.integers(0, 256, (64, 96, 3), dtype=np.uint8), PALETTE, FORM, WHOLE, CYRILLIC),
    "in Arabic": Subject(np.zeros((64, 96, 3), np.uint8), PALETTE, FORM, CORNER, ARABIC),
    "black": Subject(np.zeros((64, 64, 3), np.uint8), PALETTE, FORM, WHOLE),
    "white": Subject(np.full((64, 64, 3), 255, np.uint8), PALETTE, FORM, WHOLE),
    "noise": Subject(RNG.integers(0, 256, (200, 300, 3), dtype=np.uint8), PALETTE, FORM, WHOLE),
    "the smallest": Subject(RNG.integers(0, 256, (16, 16, 3), dtype=np.uint8), PALETTE, FORM, CORNER),
    "a strip": Subject(RNG.integers(0, 256, (16, 2000, 3), dtype=np.uint8), PALETTE, FORM, WHOLE),
    "two tones": Subject(np.repeat(np.uint8([[[0] * 3, [255] * 3]] * 32), 16, axis=1), PALETTE, FORM, WHOLE),
    "a logo without a reported place": Subject(
        RNG.integers(0, 256, (90, 90, 3), dtype=np.uint8), PALETTE, FORM, (), None, LOGO, None, expects_logo=True
    ),
    "a plain logo without a reported place": Subject(
        np.zeros((90, 90, 3), np.uint8), PALETTE, FORM, (), None, LOGO * 0, None, expects_logo=True
    ),
    "a logo and hardly an image": Subject(np.zeros((16, 16, 3), np.uint8), PALETTE, FORM, logo=LOGO),
    "without regions": Subject(RNG.integers(0, 256, (90, 90, 3), dtype=np.uint8), PALETTE, FORM),
}

DRIFT = StructureAndColourDrift()
OTHERS = TesseractReaders()

ONE_OF_TWO = (LogoSearchCheck, OtherScriptsCheck)
"""Checks on scales of another one, of which one alone measures an image."""


def assert_keeps_contract(measurements, check):
    scales = {scale.name: scale for scale in check.scales}
    assert len({m.name for m in measurements}) == len(measurements)
    for m in measurements:
        assert (m.measured_by, m.measured_by_version) == (check.name, check.version)
        scale = scales[m.name]
        assert (m.unit, m.low, m.high, m.better) == (scale.unit, scale.low, scale.high, scale.better)
        assert math.isfinite(m.value)
        assert m.low <= m.value <= m.high
        assert m.unit


@pytest.mark.parametrize("check", [*CHECKS, *COSTLY_CHECKS, tiny_clip.check()], ids=lambda check: check.name)
@pytest.mark.parametrize("image", IMAGES)
class TestEveryCheck:
    def test_measures_on_its_scales(self, check, image):
        assert_keeps_contract(check.measure(IMAGES[image]), check)

    def test_repeats_itself_and_leaves_the_pixels_alone(self, check, image):
        subject_ = IMAGES[image]
        before = subject_.pixels.copy()
        again = replace(subject_, pixels=before)
        assert check.measure(subject_) == check.measure(again)
        assert np.array_equal(subject_.pixels, before)


@pytest.mark.parametrize("first", IMAGES)
@pytest.mark.parametrize("second", ["an ad", "black", "noise", "the smallest"])
def test_drift_keeps_the_contract_too(first, second):
    assert_keeps_contract(DRIFT.measure(IMAGES[first], IMAGES[second]), DRIFT)


def test_an_ad_is_measured_on_every_scale_but_those_of_absent_text():
    names = {m.name for m in measure(IMAGES["an ad"], CHECKS)}
    scales = {scale.name for check in CHECKS for scale in check.scales}
    absent = {f"text.{what}.{role}" for what in ("contrast", "height") for role in ("line", "call_to_action", "legal")}
    absent |= {"logo.match", "logo.crowding", "novelty.published"}
    assert names == scales - absent


def test_names_are_unique_among_all_checks():
    everything = (*CHECKS, *COSTLY_CHECKS, tiny_clip.check(), DRIFT)
    checks = [check for check in everything if not isinstance(check, ONE_OF_TWO)]
    names = [scale.name for check in checks for scale in check.scales]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("image", IMAGES)
def test_a_logo_is_measured_where_it_is_reported_or_else_searched_never_both(image):
    reported, sought = (check.measure(IMAGES[image]) for check in (LogoCheck(), LogoSearchCheck()))
    assert not (reported and sought)


@pytest.mark.parametrize("image", IMAGES)
def test_the_copy_is_measured_by_one_check_never_two(image):
    by_model, by_others = (check.measure(IMAGES[image]) for check in (WordingCheck(OTHERS), OtherScriptsCheck(OTHERS)))
    assert not {m.name for m in by_model} & {m.name for m in by_others}


def test_threads_do_not_disturb_each_other():
    ads = [Ad(ground=f"#{shade:02x}618f") for shade in range(0, 240, 30)]
    alone = [measure(subject(ad), CHECKS) for ad in ads]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda ad: measure(subject(ad), CHECKS), ads)) == alone


def test_a_scale_clamps_and_refuses_what_is_no_number():
    scale, by = Scale("a.share", "share", 0.0, 1.0, "higher"), CHECKS[0]
    assert scale.reading(1.0000001, by).value == 1.0
    with pytest.raises(ValueError, match=r"technical measured a\.share as nan"):
        scale.reading(float("nan"), by)
