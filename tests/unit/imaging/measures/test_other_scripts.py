"""Cyrillic copy is read by the machine's own Tesseract; where there is none, the scorecard says that it is unread."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from imaging.measures.subject import Subject
from imaging.measures.text import reader
from imaging.measures.text.other_scripts import OtherScriptsCheck
from imaging.measures.text.reader import ReadingFailed
from imaging.measures.text.wording import WordingCheck, plain
from infra.programs import tesseract, tesseract_languages
from infra.programs.tesseract import Tesseract, TesseractReaders
from infra.programs.tesseract_languages import data_for
from schemas.brands import Copy
from schemas.images import Box, Region
from tests.unit.imaging.measures.ads import FORM, PALETTE, subject

needs_tesseract = pytest.mark.skipif(
    not {"rus", "ukr", "eng"} <= tesseract_languages.installed(),
    reason="Tesseract with its data rus, ukr and eng is not installed here",
)
FONT = files("fontpkg_noto_sans") / "files" / "NotoSans[wdth,wght].ttf"
RUSSIAN = Copy(language="ru", headline="Лето в городе", line="Ночные поезда", call_to_action="Выбрать")
UKRAINIAN = Copy(language="uk-UA", headline="Нічні потяги", line="Їдь зручніше", call_to_action="Обрати")
MIXED = Copy(language="ru", headline="Скидка в Northbound", line="", call_to_action="Buy now")
ROLES = ("headline", "line", "call_to_action")


def drawn(copy: Copy, *, reported: bool = True, **written: str) -> Subject:
    """An ad with `copy` on it, `written` in place of some of its lines."""
    image = Image.new("RGB", (700, 360), "#17618f")
    pen, font, regions = ImageDraw.Draw(image), ImageFont.truetype(str(FONT), 44), []
    for row, role in enumerate(ROLES):
        text = written.get(role, getattr(copy, role))
        if not text:
            continue
        at = (40, 30 + 105 * row)
        pen.text(at, text, fill="white", font=font)
        left, top, right, bottom = pen.textbbox(at, text, font=font)
        box = Box(left=left / 700, top=top / 360, right=right / 700, bottom=bottom / 360)
        regions.append(Region(role=role, box=box, text=text))
    pixels = np.asarray(image)[..., ::-1].copy()
    return Subject(pixels, PALETTE, FORM, tuple(regions) if reported else (), copy)


def numbers(of: Subject) -> dict[str, float]:
    assert WordingCheck(TesseractReaders()).measure(of) == ()
    return {m.name.removeprefix("wording."): m.value for m in OtherScriptsCheck(TesseractReaders()).measure(of)}


@needs_tesseract
@pytest.mark.parametrize("reported", [True, False], ids=["reported boxes", "whole image"])
@pytest.mark.parametrize(
    ("copy", "misspelt"), [(RUSSIAN, "Лето в гароде"), (UKRAINIAN, "Нічні потаги")], ids=["ru", "uk"]
)
def test_a_line_is_read_right_and_a_wrong_letter_is_found(copy, misspelt, reported):
    assert numbers(drawn(copy, reported=reported)) == {"found": 1.0, "wrong_letters": 0.0, "unread": 0.0}
    assert numbers(drawn(copy, reported=reported, headline=misspelt)) == {
        "found": 1.0,
        "wrong_letters": 1.0,
        "unread": 0.0,
    }


@needs_tesseract
def test_a_missing_line_is_found():
    measured = {m.name: m for m in OtherScriptsCheck(TesseractReaders()).measure(drawn(RUSSIAN, line=""))}
    assert measured["wording.found"].value == pytest.approx(2 / 3, abs=1e-5)
    assert measured["wording.found"].detail == "line"
    assert "tesseract" in measured["wording.found"].measured_by
    assert "rus" in measured["wording.found"].measured_by_version


@needs_tesseract
def test_latin_words_among_cyrillic_ones_and_lines_of_their_own():
    assert numbers(drawn(MIXED)) == {"found": 1.0, "wrong_letters": 0.0, "unread": 0.0}
    assert numbers(drawn(MIXED, call_to_action="Bay now"))["wrong_letters"] == 1.0


@needs_tesseract
def test_the_card_has_what_was_read():
    of = drawn(RUSSIAN, reported=False)
    OtherScriptsCheck(TesseractReaders()).measure(of)
    assert plain(RUSSIAN.headline) in {plain(line.text) for line in of.text_read}
    assert all(0.5 < line.confidence <= 1.0 for line in of.text_read)


@pytest.fixture
def without(monkeypatch):
    """A machine without Tesseract."""
    monkeypatch.setattr(tesseract_languages.shutil, "which", lambda _: None)
    for kept in (tesseract_languages.installed, tesseract_languages.version, tesseract_languages._listed):
        kept.cache_clear()
    yield
    for kept in (tesseract_languages.installed, tesseract_languages.version, tesseract_languages._listed):
        kept.cache_clear()


@pytest.mark.usefixtures("without")
def test_without_a_reader_the_card_says_so_and_judges_nothing():
    (unread,) = OtherScriptsCheck(TesseractReaders()).measure(drawn(RUSSIAN))
    assert (unread.name, unread.value, unread.unit) == ("wording.unread", 3.0, "lines")
    assert (
        "headline, line, call to action: no reader for this script; install Tesseract with its data rus"
        in unread.detail
    )
    assert unread.measured_by_version.startswith("not installed")
    assert WordingCheck(TesseractReaders()).measure(drawn(RUSSIAN)) == ()
    assert data_for("ru", "Лето") is None


@pytest.mark.usefixtures("without")
def test_lines_that_can_be_read_are_read_anyway():
    found, wrong = WordingCheck(TesseractReaders()).measure(drawn(MIXED, call_to_action="Bay now"))
    (unread,) = OtherScriptsCheck(TesseractReaders()).measure(drawn(MIXED))
    assert (found.value, wrong.value, unread.value) == (1.0, 1.0, 1.0)


def test_scripts_without_a_reader_are_reported_without_a_remedy():
    arabic = Copy(language="ar", direction="rtl", headline="حان وقت السفر", line="", call_to_action="")
    (unread,) = OtherScriptsCheck(TesseractReaders()).measure(replace(subject(), wording=arabic))
    assert (unread.value, unread.detail) == (1.0, "headline: no reader for this script")


def test_copy_in_known_letters_is_not_measured_by_it():
    latin = Copy(language="de", headline="Größe", line="", call_to_action="")
    assert OtherScriptsCheck(TesseractReaders()).measure(replace(subject(), wording=latin)) == ()


def test_a_reader_that_fails_leaves_the_lines_unread(monkeypatch):
    monkeypatch.setattr("infra.programs.tesseract.data_for", lambda *_: "none")
    monkeypatch.setattr(tesseract, "program", lambda: "/bin/false")
    with pytest.raises(ReadingFailed):
        reader.read_crops([np.zeros((20, 40, 3), np.uint8)], Tesseract("none"))
    (unread,) = OtherScriptsCheck(TesseractReaders()).measure(drawn(RUSSIAN))
    assert (unread.name, unread.value) == ("wording.unread", 3.0)
    assert "tesseract" in unread.detail
