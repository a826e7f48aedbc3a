"""The sample campaigns are valid, their images fit an ad, and their drawing script draws the committed images."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from ruamel.yaml import YAML

from schemas.brands import CopyLines
from schemas.campaigns import Campaign

CAMPAIGNS = Path(__file__).resolve().parents[3] / "examples" / "campaigns"
FILES = sorted(CAMPAIGNS.glob("*.yaml"))
IMAGES = sorted(CAMPAIGNS.glob("*/*.png"))
LARGEST_IMAGE = 400_000
LONGEST = {"headline": 40, "line": 75, "call_to_action": 24, "legal": 60}
"""Most characters that fit well into a banner of 1200 by 628 pixels."""
BETTING_HEADLINE_WORDS = {"betting", "odds", "aposta*", "apuesta*", "オッズ"}


def _campaign(file: Path) -> Campaign:
    return Campaign.model_validate(YAML(typ="safe").load(file))


def _identity(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The drawing script, imported as Python does when it is run."""
    sys.path.insert(0, str(CAMPAIGNS))
    try:
        return importlib.import_module("draw_brand_kits")
    finally:
        sys.path.remove(str(CAMPAIGNS))


def test_there_are_three_with_distinct_ids() -> None:
    assert len(FILES) == 3
    assert len({_campaign(file).campaign_id for file in FILES}) == 3


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
class TestCampaign:
    def test_its_artwork_is_beside_it(self, file: Path) -> None:
        brand = _campaign(file).brand
        assert len(brand.products) == 3
        for artwork in (brand.logo, *brand.products):
            assert file.parent / artwork.path in IMAGES

    def test_every_language_has_lines_with_and_without_the_trend(self, file: Path) -> None:
        campaign = _campaign(file)
        assert set(campaign.answers.languages) <= set(campaign.copy_lines)
        for lines in campaign.copy_lines.values():
            assert len(lines.headline) >= 3
            assert len(lines.line) >= 2
            assert len(lines.call_to_action) >= 2
            for part in (lines.headline, lines.line, lines.call_to_action):
                assert any("{topic}" not in text for text in part)

    def test_its_copy_is_short_and_without_repeats(self, file: Path) -> None:
        for language, lines in _campaign(file).copy_lines.items():
            for part, limit in LONGEST.items():
                texts = _texts(lines, part)
                assert len(set(texts)) == len(texts), (language, part)
                assert [text for text in texts if len(text) > limit] == [], (language, part)

    def test_its_copy_is_in_the_script_of_each_language(self, file: Path) -> None:
        ranges = {"ru": ("\u0400", "\u04ff"), "ar": ("\u0600", "\u06ff"), "ja": ("\u3040", "\u9fff")}
        ranges |= {"zh": ("\u4e00", "\u9fff"), "zh-Hant": ("\u4e00", "\u9fff")}
        for language, lines in _campaign(file).copy_lines.items():
            first, last = ranges.get(language, ("A", "ž"))
            for text in (*lines.headline, *lines.line, *lines.call_to_action, lines.legal):
                assert any(first <= letter <= last for letter in text.replace("{topic}", "")), text

    def test_its_formats_are_those_of_the_platforms(self, file: Path) -> None:
        sizes = {form.name: (form.size.width, form.size.height) for form in _campaign(file).formats}
        assert sizes == {
            "square": (1080, 1080),
            "portrait": (1080, 1350),
            "story": (1080, 1920),
            "landscape": (1200, 628),
        }
        story = next(form for form in _campaign(file).formats if form.name == "story")
        assert (story.safe_area.top, story.safe_area.bottom) == (0.14, 0.20)

    def test_ink_reads_on_paper(self, file: Path) -> None:
        palette = _campaign(file).brand.palette
        lighter, darker = sorted((_luminance(palette.paper), _luminance(palette.ink)), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 7


def test_the_sports_brand_excludes_betting() -> None:
    assert set(_campaign(CAMPAIGNS / "kestrun.yaml").answers.never) >= BETTING_HEADLINE_WORDS


@pytest.mark.parametrize("path", IMAGES, ids=_identity)
class TestImage:
    def test_it_is_small_cut_out_and_trimmed(self, path: Path) -> None:
        assert path.stat().st_size < LARGEST_IMAGE
        with Image.open(path) as image:
            assert image.mode == "RGBA"
            assert image.getchannel("A").getextrema() == (0, 255)
            assert image.getbbox() == (0, 0, *image.size)
            assert 550 <= max(image.size) <= 960

    def test_its_edges_have_no_dark_fringe(self, path: Path) -> None:
        with Image.open(path) as image:
            pixels = np.asarray(image).astype(np.float64)
        faint = (pixels[..., 3] > 0) & (pixels[..., 3] < 64)
        black = pixels[..., :3].max(axis=-1) < 8
        assert faint.any()
        assert (faint & black).sum() <= 0.01 * faint.sum()


def test_every_image_is_drawn_and_every_drawing_is_used(script: ModuleType) -> None:
    assert {CAMPAIGNS / name for name in script.IMAGES} == set(IMAGES)
    wanted = {
        CAMPAIGNS / artwork.path
        for brand in (_campaign(file).brand for file in FILES)
        for artwork in (brand.logo, *brand.products)
    }
    assert wanted == set(IMAGES)


def test_drawing_a_logo_again_gives_the_committed_pixels(script: ModuleType) -> None:
    assert np.array_equal(np.asarray(script.IMAGES["farholm/logo.png"]()), _pixels("farholm/logo.png"))


def test_drawing_a_product_again_gives_the_committed_image(script: ModuleType) -> None:
    drawn = np.asarray(script.IMAGES["kestrun/kit-bag.png"]()).astype(int)
    apart = np.abs(drawn - _pixels("kestrun/kit-bag.png"))
    visible = drawn[..., 3] > 0
    assert apart[visible].max() <= 1  # blurs round differently with other vector instructions
    assert apart[..., 3].max() <= 1


def test_another_process_draws_the_same() -> None:
    code = "import hashlib; from brand_art import logos; print(hashlib.sha256(logos.kestrun().tobytes()).hexdigest())"
    runs = [subprocess.check_output([sys.executable, "-c", code], cwd=CAMPAIGNS) for _ in range(2)]
    assert runs[0] == runs[1]


def _pixels(name: str) -> NDArray[np.int64]:
    with Image.open(CAMPAIGNS / name) as image:
        return np.asarray(image).astype(np.int64)


def _texts(lines: CopyLines, part: str) -> tuple[str, ...]:
    value = getattr(lines, part)
    return (value,) if isinstance(value, str) else value


def _luminance(code: str) -> float:
    """Relative luminance of WCAG 2.2."""
    channels = [int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
