"""Paper, type and the floor: they keep the brand's colours and do not disturb the copy."""

from __future__ import annotations

import numpy as np
import pytest

from imaging.colour import contrast, contrast_ratio, luminances
from imaging.composer.colour.scheme import scheme_of
from imaging.composer.compose import Material, compose, key_of, paint
from imaging.composer.grounds import paint_ground
from imaging.composer.grounds.lettered import motif_of
from imaging.composer.layouts import LAYOUT_BY_NAME
from imaging.composer.paint.artwork import decode_sprite
from imaging.composer.paint.brush import Sheet, sheet
from imaging.composer.scene.axes import Axes
from imaging.composer.scene.footing import base, footing, has_base
from imaging.composer.scene.geometry import Rect
from schemas.brands import Palette
from schemas.images import Insets, Size
from schemas.scenes import GROUNDS

PALETTES = (
    Palette(primary="#12355b", secondary="#2a9d8f", accent="#f4a261", paper="#fdf6ec", ink="#14213d"),
    Palette(primary="#ffffff", secondary="#000000", accent="#ffff00", paper="#ffffff", ink="#000000"),
    Palette(primary="#d62828", secondary="#003049", accent="#fcbf49", paper="#eae2b7", ink="#1b1b1b"),
)


def _painted(name, palette, lead, detail, width=240, height=300, motif=None) -> np.ndarray:
    page = sheet(width, height, (0, 0, 0))
    paint_ground(page, name, scheme_of(lead, palette), detail, motif)
    return page.pixels


@pytest.fixture(scope="module")
def motif(bench):
    return motif_of(bench.brand, bench.words(), 700)


@pytest.mark.parametrize("name", ["paper", "type"])
@pytest.mark.parametrize("lead", ["primary", "secondary", "accent", "ink", "paper"])
def test_one_ink_can_be_read_on_all_of_a_quiet_ground(motif, name, lead):
    for palette in PALETTES:
        for detail in range(4):
            light = luminances(_painted(name, palette, lead, detail, motif=motif))
            low, high = (float(value) for value in np.percentile(light, (4, 96)))
            assert max(contrast_ratio(0.0, low), contrast_ratio(1.0, high)) >= 4.5, (palette.primary, detail)


@pytest.mark.parametrize("lead", ["primary", "secondary", "accent", "ink", "paper"])
def test_letters_of_a_pattern_are_too_near_the_ground_to_be_read_as_copy(motif, lead):
    for palette in PALETTES:
        for detail in range(4):
            plain, lettered = (_painted("type", palette, lead, detail, motif=words) for words in (None, motif))
            changed = np.abs(plain.astype(int) - lettered).max(axis=2)
            assert 0.01 < (changed > 0).mean() < 0.8
            row, column = np.unravel_index(changed.argmax(), changed.shape)
            before, after = (tuple(int(value) for value in page[row, column]) for page in (plain, lettered))
            assert 1 < contrast(before, after) <= 1.25


@pytest.mark.parametrize("name", ["paper", "type"])
def test_a_ground_is_the_same_at_every_size_and_differs_by_seed(motif, name):
    palette = PALETTES[0]
    for detail in range(4):
        small = _painted(name, palette, "primary", detail, 120, 150, motif).astype(float)
        large = _painted(name, palette, "primary", detail, 480, 600, motif).astype(float)
        reduced = large.reshape(150, 4, 120, 4, 3).mean(axis=(1, 3))
        assert np.abs(small - reduced).mean() < 2.5
        other = _painted(name, palette, "primary", detail + 1, 120, 150, motif).astype(float)
        assert np.abs(small - other).mean() > np.abs(small - reduced).mean()


def test_paper_has_fibres_everywhere_and_darker_corners():
    page = _painted("paper", PALETTES[0], "paper", 4, 500, 500).astype(float).mean(axis=2)
    blocks = page.reshape(10, 50, 10, 50).std(axis=(1, 3))
    assert blocks.min() > 0.5
    middle = page[200:300, 200:300].mean()
    assert all(
        page[rows, columns].mean() < middle - 5
        for rows in (slice(25), slice(-25, None))
        for columns in (slice(25), slice(-25, None))
    )


@pytest.mark.parametrize(
    ("language", "headline", "word"),
    [
        ("en", "Lapland is closer than you think", "Lapland"),
        ("en", "To be, or not", ""),
        ("ru", "Выходные, о которых вы мечтали", "Выходные"),
        ("ja", "上野の秋を、週末の旅で楽しもう", "楽しもう"),
        ("ar", "رحلتك القادمة أقرب مما تتخيل", "القادمة"),
    ],
)
def test_a_pattern_takes_the_brands_name_and_the_headlines_key_word(bench, language, headline, word):
    motif = motif_of(bench.brand, bench.words(language, headline=headline), 700)
    assert motif.words == (("Norrsken", word) if word else ("Norrsken",))
    assert motif.initial == "N"


def test_a_name_that_no_font_draws_is_not_refused(bench):
    brand = bench.brand.model_copy(update={"name": "\U00012000\U00012001"})
    assert motif_of(brand, bench.words(), 700).words == ("Lapland",)
    assert motif_of(brand, bench.words(headline="To be"), 700) is None


# The floor


def _material(bench) -> Material:
    brand = bench.brand
    images = (brand.logo, *brand.products)
    sprites = {key_of(one.image): decode_sprite(bench.blobs[key_of(one.image)], one.path) for one in images}
    return Material(
        brand, bench.words(legal="Terms apply."), sprites, Insets(top=0.05, right=0.05, bottom=0.05, left=0.05)
    )


def _composed(bench, layout, size, **changes):
    axes = Axes(
        layout=layout, ground="mesh", scheme="ink", height=1000 * size.height / size.width,
        **{"reflection": True, **changes},
    )  # fmt: skip
    return compose(axes, _material(bench), size)


SIZES = (
    Size(width=512, height=512),
    Size(width=410, height=512),
    Size(width=288, height=512),
    Size(width=512, height=268),
)


def test_only_floors_mirror_and_never_what_is_tilted_or_floats(bench):
    floors = {
        name
        for name, layout in LAYOUT_BY_NAME.items()
        if any(plan.floor for plan in (layout.tall, layout.upright, layout.wide))
    }
    assert {"product_hero", "split_panel"} <= floors
    for name in LAYOUT_BY_NAME:
        assert (_composed(bench, name, SIZES[3]).scene.product.reflection > 0) == (name in floors), name
    for changes in ({"reflection": False}, {"tilt": 6.0}, {"product": 1}):  # the second product is a ball
        assert _composed(bench, "product_hero", SIZES[3], **changes).scene.product.reflection == 0


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("layout", ["product_hero", "split_panel", "minimal"])
def test_a_reflection_falls_below_the_product_and_on_nothing_that_is_read(bench, layout, size):
    material, composed = _material(bench), _composed(bench, layout, size)
    scene = composed.scene
    bare = scene.model_copy(update={"product": scene.product.model_copy(update={"reflection": 0.0})})
    pages = []
    for one in (scene, bare):
        proof = Sheet(composed.proof.pixels.copy(), composed.proof.scale)
        pages.append(
            paint(
                type(composed)(one, composed.scheme, proof, composed.proof_size), material, composed.proof_size
            ).pixels
        )
    changed = np.abs(pages[0].astype(int) - pages[1]).max(axis=2) > 0
    assert changed.any() == (scene.product.reflection > 0)
    box = scene.product.box
    mirrored = Rect(left=box.left, top=box.top, right=box.right, bottom=box.bottom + scene.product.reflection)
    outside = changed.copy()
    outside[composed.proof.window(mirrored.grown(8))] = False
    assert not outside.any()
    read = [block.box for block in scene.blocks] + [scene.button.box, scene.logo.box]
    for part in read:
        assert not changed[composed.proof.window(part.grown(4))].any()


def test_a_thing_with_a_flat_foot_has_a_base_and_a_round_one_has_none(bench):
    parcel, ball = (_material(bench).sprites[key_of(product.image)] for product in bench.brand.products)
    assert has_base(parcel.footing)
    assert not has_base(ball.footing)
    assert ball.footing[32] < 0.02 < ball.footing[4]
    start, end = base(ball.footing)
    assert 0.15 < start < 0.5 < end < 0.85
    assert base(parcel.footing)[1] - base(parcel.footing)[0] > 0.9


def test_glass_that_is_nowhere_opaque_has_a_base_too():
    glass = np.full((300, 200), 90, np.uint8)
    assert has_base(footing(glass))
    assert base(footing(glass)) == (0.0, 1.0)


def test_every_ground_can_be_painted_by_name():
    for name in GROUNDS:
        assert np.ptp(_painted(name, PALETTES[2], "primary", 3, 60, 60)) > 0, name
