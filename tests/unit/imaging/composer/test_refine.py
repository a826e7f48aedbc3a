from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from skimage.metrics import structural_similarity

from schemas.scenes import LAYOUTS


def _grey(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    return np.asarray(Image.fromarray(image).convert("L").resize(size, Image.Resampling.BOX))


@pytest.mark.parametrize("seed", range(6))
async def test_a_final_keeps_the_structure_of_its_draft(bench, decoded, seed):
    draft = await bench.draw(bench.request(seed=seed, language=("en", "ja", "ar")[seed % 3]))
    final = await bench.draw(bench.refined(draft, language=("en", "ja", "ar")[seed % 3]))
    assert (final.size.width, final.size.height) == (1080, 1350)
    assert decoded(final).shape == (1350, 1080, 3)
    size = (draft.size.width, draft.size.height)
    alike = structural_similarity(_grey(decoded(draft), size), _grey(decoded(final), size), data_range=255)
    assert alike >= 0.9
    assert final.parameters == draft.parameters
    for one, other in zip(draft.regions, final.regions, strict=True):
        assert one.role == other.role
        assert one.box.left == pytest.approx(other.box.left, abs=1e-6)


async def test_another_scene_is_another_structure(bench, decoded):
    one, other = [
        await bench.draw(bench.request(seed=seed, parameters={"scene": _scene(layout)}))
        for seed, layout in ((1, "big_type"), (2, "editorial"))
    ]
    size = (one.size.width, one.size.height)
    assert structural_similarity(_grey(decoded(one), size), _grey(decoded(other), size), data_range=255) < 0.7


def _scene(layout: str, height: float = 1250.0) -> dict:
    return {"layout": layout, "ground": "rays", "scheme": "primary", "height": height}


async def test_the_draft_image_sets_the_tone(bench, decoded):
    draft = await bench.draw(bench.request(parameters={"scene": _scene("full_bleed")}))
    darker = Image.fromarray((decoded(draft) * 0.9).astype(np.uint8))
    path = bench.artwork(darker, "darker draft").image
    usual = await bench.draw(bench.refined(draft, strength=0.0))
    dark = await bench.draw(bench.refined(draft, strength=0.0, references=(path,)))
    assert decoded(dark).mean() < 0.96 * decoded(usual).mean()


async def test_strength_is_how_much_light_and_texture_there_is(bench, decoded):
    draft = await bench.draw(bench.request(parameters={"scene": _scene("full_bleed")}))
    quiet, usual, strong = [
        decoded(await bench.draw(bench.refined(draft, strength=strength))).astype(float) for strength in (0.0, 0.5, 1.0)
    ]
    assert 0.5 < np.abs(usual - quiet).mean() < np.abs(strong - quiet).mean()


@pytest.mark.parametrize("form", ["story", "landscape", "square"])
@pytest.mark.parametrize("layout", LAYOUTS[:3])
async def test_a_draft_is_laid_out_again_for_another_format(bench, form, layout):
    draft = await bench.draw(bench.request(parameters={"scene": _scene(layout)}))
    final = await bench.draw(bench.refined(draft, form, long_side=700))
    assert final.parameters["scene"]["layout"] == layout
    assert final.parameters["scene"]["ground"] == "rays"
    assert final.parameters["scene"]["height"] == pytest.approx(1000 * final.size.height / final.size.width)


async def test_the_hero_lane_needs_no_draft(bench, decoded):
    final = await bench.draw(bench.request(model="composer-refine", long_side=900))
    assert decoded(final).shape[0] == 900
    assert final.price_usd > 0


@pytest.mark.parametrize("operation", ["upscale", "relight"])
async def test_an_image_of_another_model_is_enlarged_or_lit(bench, decoded, operation):
    draft = await bench.draw(bench.request())
    request = bench.refined(draft, operation=operation, parameters={}, long_side=800)
    final = await bench.draw(request)
    size = (draft.size.width, draft.size.height)
    assert decoded(final).shape[0] == 800
    assert structural_similarity(_grey(decoded(draft), size), _grey(decoded(final), size), data_range=255) > 0.9
    assert final.regions == ()
