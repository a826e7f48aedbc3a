"""A logo is found in any place, at any width, on any ground; and where there is none, none is found."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from imaging.measures.brand.logo import FOUND, LogoSearchCheck
from imaging.measures.brand.logo_search import find_logo
from tests.unit.imaging.measures.ads import subject


def wordmark(words: str, colour: tuple[int, int, int]) -> np.ndarray:
    """A disc and a word, BGRA, 384 pixels wide."""
    image = Image.new("RGBA", (384, 96))
    pen = ImageDraw.Draw(image)
    pen.ellipse((6, 10, 82, 86), fill=colour)
    pen.text((104, 48), words, fill=colour, font=ImageFont.load_default(64), anchor="lm")
    return np.ascontiguousarray(np.asarray(image)[..., [2, 1, 0, 3]])


LOGO = wordmark("Farholm", (20, 40, 90))
AD = replace(subject(), regions=())


def laid(pixels: np.ndarray, logo: np.ndarray, left: int, top: int, width: int) -> np.ndarray:
    """`pixels` with `logo` laid over."""
    small = cv2.resize(logo, (width, width // 4), interpolation=cv2.INTER_AREA).astype(np.float32)
    alpha, out = small[..., 3:] / 255.0, pixels.astype(np.float32)
    part = out[top : top + width // 4, left : left + width]
    part[...] = small[..., :3] * alpha + part * (1.0 - alpha)
    return out.astype(np.uint8)


@pytest.mark.parametrize(("left", "top", "width"), [(20, 20, 100), (330, 440, 160), (190, 8, 250)])
@pytest.mark.parametrize("logo", [LOGO, wordmark("Farholm", (250, 250, 240))], ids=["dark", "light"])
def test_a_logo_is_found_where_it_was_laid(left, top, width, logo):
    ground = cv2.GaussianBlur(AD.pixels, (0, 0), 8) // 2 + (0 if logo is not LOGO else 120)
    found = find_logo(laid(ground.astype(np.uint8), logo, left, top, width), logo)
    assert found.likeness > 0.8
    assert (found.box.left + found.box.right) / 2 * 512 == pytest.approx(left + width / 2, abs=6)
    assert (found.box.top + found.box.bottom) / 2 * 512 == pytest.approx(top + width / 8, abs=4)
    assert (found.box.right - found.box.left) * 512 == pytest.approx(width, rel=0.1)


def test_without_a_logo_none_is_found_and_nothing_measured():
    assert find_logo(AD.pixels, LOGO).likeness < FOUND
    assert LogoSearchCheck().measure(replace(AD, logo=LOGO)) == ()
    assert LogoSearchCheck().measure(AD) == ()


def test_another_brand_s_logo_is_not_the_brand_s():
    other = laid(AD.pixels, wordmark("Kestrun", (20, 40, 90)), 20, 20, 150)
    assert find_logo(other, LOGO).likeness < 0.8


def test_a_logo_that_the_image_should_have_kept_is_missed():
    (match,) = LogoSearchCheck().measure(replace(AD, logo=LOGO, expects_logo=True))
    assert match.name == "logo.match"
    assert match.value < FOUND


def test_what_is_found_is_measured_as_if_it_were_reported():
    match, crowding = LogoSearchCheck().measure(replace(AD, pixels=laid(AD.pixels, LOGO, 20, 20, 150), logo=LOGO))
    assert (match.name, crowding.name) == ("logo.match", "logo.crowding")
    assert match.value > 0.8
