"""The copy is read, in reported boxes and without, and a wrong letter is counted."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from imaging.measures.subject import Subject
from imaging.measures.text.reader import ReadLine, in_reading_order, readable
from imaging.measures.text.wording import WordingCheck, best_run, plain, wrong_letters
from infra.programs.tesseract import TesseractReaders
from schemas.brands import Copy
from schemas.images import Box, Region
from tests.unit.imaging.measures.ads import FORM, PALETTE, Ad, subject

WANTED = Copy(language="en", headline="Summer is here", line="", call_to_action="")


def numbers(of: Subject) -> tuple[float, float]:
    found, wrong = WordingCheck(TesseractReaders()).measure(of)
    return found.value, wrong.value


@pytest.mark.parametrize("reported", [True, False], ids=["reported boxes", "whole image"])
@pytest.mark.parametrize(
    ("written", "found", "wrong"), [("Summer is here", 1.0, 0), ("Sumner is here", 1.0, 1), ("Buy now", 0.0, 0)]
)
def test_lines_are_found_and_wrong_letters_counted(reported, written, found, wrong):
    drawn = replace(subject(Ad(headline=written)), wording=WANTED)
    assert numbers(drawn if reported else replace(drawn, regions=())) == (found, wrong)


def test_a_script_that_the_reader_does_not_know_is_left_out():
    arabic = Copy(language="ar", direction="rtl", headline="حان وقت السفر", line="", call_to_action="")
    assert not readable(arabic.headline)
    assert WordingCheck(TesseractReaders()).measure(replace(subject(), wording=arabic)) == ()


def test_only_letters_are_compared_and_look_alikes_are_one():
    assert plain("Go — while it's MAGIC!") == plain("gowhileitsmagic")
    assert plain("ILL1") == plain("lll1")
    assert wrong_letters(plain("Hungry yet?"), plain("Hungyr yet")) == 2
    assert wrong_letters("abcd", "abd") == wrong_letters("abd", "abcd") == 1


def test_a_line_may_be_broken_over_several():
    assert best_run("freshbread", ["logo", "fresh", "bread", "buy"]) == "freshbread"
    assert best_run("freshbread", []) == ""


def test_reading_order_is_rows_from_the_top():
    lines = [ReadLine("c", 1, 0, 80, 20, 100), ReadLine("b", 1, 80, 2, 99, 22), ReadLine("a", 1, 0, 5, 20, 25)]
    assert [line.text for line in in_reading_order(lines)] == ["a", "b", "c"]


def test_a_wrong_letter_is_not_excused_by_the_same_words_in_the_line_below():
    image, regions = Image.new("RGB", (700, 200), "#17618f"), []
    pen = ImageDraw.Draw(image)
    for role, text, at, size in (
        ("headline", "Sumner is here", (30, 20), 80),
        ("line", "Summer is here", (32, 106), 26),
    ):
        pen.text(at, text, fill="white", font=ImageFont.load_default(size))
        left, top, right, bottom = pen.textbbox(at, text, font=ImageFont.load_default(size))
        box = Box(left=left / 700, top=top / 200, right=right / 700, bottom=bottom / 200)
        regions.append(Region(role=role, box=box, text=text))
    twice = Copy(language="en", headline="Summer is here", line="Summer is here", call_to_action="")
    drawn = Subject(np.asarray(image)[..., ::-1].copy(), PALETTE, FORM, tuple(regions), twice)
    assert numbers(drawn) == (1.0, 1)
