"""Boxes of several lines, drawn by Pillow, are cut between the lines."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from imaging.measures.text.lettering import split_lines


def box_of(*lines, size=40):
    """The lines in black on white, tightly boxed."""
    image, font = Image.new("RGB", (1400, 400), "white"), ImageFont.load_default(size)
    ImageDraw.Draw(image).multiline_text((20, 20), "\n".join(lines), fill="black", font=font)
    inked = np.flatnonzero((np.asarray(image) < 250).any(axis=(1, 2)))
    return np.ascontiguousarray(np.asarray(image)[inked[0] - 4 : inked[-1] + 5, :, ::-1])


@pytest.mark.parametrize(
    "lines",
    [
        ("One line only",),
        ("Big day for sport.", "Bigger day to play."),
        ("Pumpkin pie, crispy chicken, spiced shakes. All made here", "today."),
        ("Small-group trips, all of them planned by people who live", "there", "in spring and in autumn too"),
    ],
)
def test_each_line_is_cut_out_even_a_last_one_of_one_word(lines):
    box = box_of(*lines)
    cut = split_lines(box)
    assert len(cut) == len(lines)
    assert sum(len(line) for line in cut) == len(box)
    heights = [len(line) for line in cut]
    assert max(heights) < 1.6 * min(heights)
