from __future__ import annotations

import itertools
import pkgutil

import numpy as np
import pytest

from imaging.composer import grounds, layouts
from schemas.images import Size
from schemas.scenes import GROUNDS, LAYOUTS, SCHEMES
from tests.unit.imaging.composer.measuring import measured_contrast

LANGUAGES = ("en", "pt", "ja", "ru", "ar", "zh")
FORMS = ("square", "portrait", "story", "landscape")
TEXTS = {"headline", "line", "call_to_action", "legal"}


def _scene(layout: str, form: str, language: str, request) -> dict:
    """A scene whose ground and scheme depend on the language, so that all kinds are tested."""
    mark = LAYOUTS.index(layout) * 5 + FORMS.index(form) * 3 + LANGUAGES.index(language)
    return {
        "layout": layout,
        "ground": GROUNDS[mark % len(GROUNDS)],
        "scheme": SCHEMES[mark % len(SCHEMES)],
        "product": mark % 2,
        "flipped": mark % 3 == 0,
        "tilt": (0.0, 8.0)[mark % 2],
        "detail": mark,
        "height": 1000 * request.size.height / request.size.width,
    }


def _overlap(one, other) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


@pytest.mark.parametrize(("layout", "form"), list(itertools.product(LAYOUTS, FORMS)))
async def test_every_text_is_inside_apart_and_readable(bench, decoded, layout, form):
    mark = LAYOUTS.index(layout) + FORMS.index(form)
    for language in (LANGUAGES[mark % 3], LANGUAGES[3 + mark % 3], "ar"):
        request = bench.request(form, language, long_side=800)
        scene = _scene(layout, form, language, request)
        drawn = await bench.draw(request.model_copy(update={"parameters": {"scene": scene}}))
        assert drawn.parameters["scene"]["layout"] == layout, f"{language}: the copy did not fit {layout}"
        regions = {region.role: region.box for region in drawn.regions}
        assert set(regions) == TEXTS | {"logo", "product"}, language
        _assert_inside(regions, request.safe_area, language)
        for one, other in itertools.combinations(sorted(TEXTS | {"logo"}), 2):
            assert not _overlap(regions[one], regions[other]), f"{language}: {one} over {other}"
        for role in sorted(TEXTS):
            assert not _overlap(regions[role], regions["product"]), f"{language}: the product is over {role}"
            reached = measured_contrast(decoded(drawn), regions[role])
            assert reached >= 4.5, f"{language}: {role} has a contrast of {reached:.2f}"


def _assert_inside(regions, safe, language) -> None:
    for role in sorted(TEXTS | {"logo"}):
        box = regions[role]
        assert box.left >= safe.left - 1e-6, f"{language}: {role} leaves the safe area on the left"
        assert box.right <= 1 - safe.right + 1e-6, f"{language}: {role} leaves the safe area on the right"
        assert box.top >= safe.top - 1e-6, f"{language}: {role} leaves the safe area above"
        assert box.bottom <= 1 - safe.bottom + 1e-6, f"{language}: {role} leaves the safe area below"


async def test_the_words_are_drawn_as_they_are(bench):
    words = bench.words("en", headline="Ignore the brand {topic} <b>", line="50% & more", legal="")
    drawn = await bench.draw(bench.request(words=words))
    told = {region.role: region.text for region in drawn.regions}
    assert told["headline"] == "Ignore the brand {topic} <b>"
    assert told["line"] == "50% & more"
    assert "legal" not in told


async def test_an_ad_without_a_call_has_no_button(bench, decoded):
    full, bare = [
        await bench.draw(bench.request(words=words)) for words in (bench.words(), bench.words(call_to_action=""))
    ]
    assert "call_to_action" in {region.role for region in full.regions}
    assert "call_to_action" not in {region.role for region in bare.regions}
    assert not np.array_equal(decoded(full), decoded(bare))


async def test_arabic_is_on_the_right_and_its_scene_is_mirrored(bench):
    scene = {"layout": "full_bleed", "ground": "mesh", "scheme": "ink", "height": 1250.0}
    english, arabic = [
        {region.role: region.box for region in (await bench.draw(request)).regions}
        for request in (
            bench.request(parameters={"scene": scene}),
            bench.request(language="ar", parameters={"scene": scene}),
        )
    ]
    assert english["headline"].left == pytest.approx(0.05, abs=0.002)
    assert arabic["headline"].right == pytest.approx(0.95, abs=0.002)
    assert english["logo"].left < 0.1
    assert arabic["logo"].right > 0.9


async def test_twelve_seeds_of_a_brief_differ(bench):
    from schemas.identifiers import seed_for

    scenes = [
        (await bench.draw(bench.request(seed=seed_for("brf-x", variant), long_side=160))).parameters["scene"]
        for variant in range(12)
    ]
    assert len({scene["layout"] for scene in scenes}) >= 10
    assert len({scene["ground"] for scene in scenes}) >= 6
    assert len({(scene["layout"], scene["ground"], scene["scheme"]) for scene in scenes}) == 12


@pytest.mark.parametrize("ratio", [1 / 3, 0.42, 0.5, 0.9, 1.4, 2.4, 3.0])
async def test_every_ratio_is_laid_out_inside_and_apart(bench, ratio):
    size = Size(width=round(min(600, 600 * ratio)), height=round(min(600, 600 / ratio)))
    words = bench.words("en", headline="Night trains north", line="All winter long.", legal="Terms apply.")
    for layout in LAYOUTS:
        scene = {"layout": layout, "ground": "mesh", "scheme": "ink", "height": 1000 * size.height / size.width}
        request = bench.request(words=words, size=size, parameters={"scene": scene})
        drawn = await bench.draw(request)
        regions = {region.role: region.box for region in drawn.regions}
        assert set(regions) >= TEXTS | {"logo"}
        _assert_inside(regions, request.safe_area, layout)
        for one, other in itertools.combinations(sorted(TEXTS | {"logo"}), 2):
            assert not _overlap(regions[one], regions[other]), f"{layout}: {one} over {other}"


async def test_a_frame_does_not_lose_the_veil_behind_words_outside_it(bench, decoded):
    request = bench.request("story", "zh", long_side=800)
    scene = {"layout": "diagonal", "ground": "blobs", "scheme": "secondary", "height": 1777.8, "detail": 56}
    drawn = await bench.draw(request.model_copy(update={"parameters": {"scene": scene}}))
    legal = next(region.box for region in drawn.regions if region.role == "legal")
    assert measured_contrast(decoded(drawn), legal) >= 4.5


@pytest.mark.parametrize(
    ("package", "names", "others"),
    [(layouts, LAYOUTS, {"plan"}), (grounds, set(GROUNDS) - {"type"}, {"curves", "lettered"})],
)
def test_every_file_of_a_layout_or_ground_is_registered_by_its_name(package, names, others):
    files = {module.name for module in pkgutil.iter_modules(package.__path__)}
    assert files == {*names, *others}
