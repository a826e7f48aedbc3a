from __future__ import annotations

import pytest
from PIL import Image

from infra.providers.base import Ticket
from infra.providers.composer import ComposerProvider
from schemas.brands import Artwork, Fonts
from schemas.errors import BadOutput, InvalidRequest, StoreError, Unavailable
from schemas.images import Size


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"model": "dreamer"}, "dreamer"),
        ({"operation": "masked-edit"}, "does not do masked-edit"),
        ({"operation": "image-to-image", "model": "composer-refine"}, "references"),
        ({"size": Size(width=4000, height=4000)}, "4000x4000"),
        ({"parameters": {"scene": {"layout": "spiral"}}}, "parameters.scene"),
        ({"parameters": {"scene": "no scene"}}, "parameters.scene"),
    ],
)
async def test_an_impossible_request_is_refused_with_the_reason(bench, changes, reason):
    with pytest.raises(InvalidRequest, match=reason):
        await bench.draw(bench.request(**changes))


async def test_a_wrong_scene_is_refused_with_the_place(bench):
    draft = await bench.draw(bench.request())
    with pytest.raises(InvalidRequest, match=r"parameters\.scene"):
        await bench.draw(bench.refined(draft, parameters={"scene": 7}))


async def test_copy_that_cannot_be_read_at_the_floor_size_is_refused(bench):
    words = bench.words("en", headline="An endless headline without any mercy for its readers " * 9)
    with pytest.raises(InvalidRequest, match="headline 486, line 47"):
        await bench.draw(bench.request(words=words))


async def test_a_word_that_no_line_holds_is_refused(bench):
    with pytest.raises(InvalidRequest, match="does not fit"):
        await bench.draw(bench.request(words=bench.words("en", headline="x" * 120)))


async def test_a_letter_without_a_glyph_is_refused_not_drawn_as_a_box(bench):
    with pytest.raises(InvalidRequest, match="U\\+0EAA"):
        await bench.draw(bench.request(words=bench.words("en", headline="ສະບາຍດີ")))


async def test_an_unknown_family_names_the_known_ones(bench):
    brand = bench.brand.model_copy(update={"fonts": Fonts(headline="Comic Sans")})
    with pytest.raises(InvalidRequest, match=r"Anton, Archivo, .*Noto Sans CJK JP"):
        await bench.draw(bench.request(brand=brand))


async def test_artwork_that_was_not_uploaded_is_named(bench):
    brand = bench.brand.model_copy(update={"logo": Artwork(path="brand/lost.png")})
    with pytest.raises(InvalidRequest, match=r"brand/lost\.png"):
        await bench.draw(bench.request(brand=brand))


@pytest.mark.parametrize("data", [b"", b"not an image", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, b"<svg/>"])
async def test_broken_artwork_is_named(bench, data):
    image = bench.save(data, "image/png", Size(width=20, height=20)) if data else None
    broken = Artwork(path="brand/broken.png", image=image)
    brand = bench.brand.model_copy(update={"products": (broken,)})
    with pytest.raises(InvalidRequest, match=r"brand/broken\.png"):
        await bench.draw(bench.request(brand=brand))


async def test_a_truncated_image_is_named(bench):
    whole = bench.blobs[bench.brand.products[0].image.key]
    broken = Artwork(path="cut.png", image=bench.save(whole[: len(whole) // 2], "image/png", Size(width=20, height=20)))
    with pytest.raises(InvalidRequest, match=r"cut\.png"):
        await bench.draw(bench.request(brand=bench.brand.model_copy(update={"products": (broken,)})))


async def test_a_wholly_transparent_image_is_named(bench):
    ghost = bench.artwork(Image.new("RGBA", (64, 64), (9, 9, 9, 0)), "ghost.png")
    with pytest.raises(InvalidRequest, match=r"ghost\.png"):
        await bench.draw(bench.request(brand=bench.brand.model_copy(update={"logo": ghost})))


async def test_a_missing_object_is_invalid_and_a_silent_store_is_unavailable(bench):
    async def mute(_key: str) -> bytes:
        raise StoreError("connection refused")

    provider = ComposerProvider(mute)
    with pytest.raises(Unavailable, match="connection refused"):
        await provider.submit(bench.request())
    await provider.close()
    gone = bench.brand.logo.image.model_copy(update={"key": "sha256/00/nothing.png"})
    brand = bench.brand.model_copy(update={"logo": Artwork(path="gone.png", image=gone)})
    with pytest.raises(InvalidRequest, match=r"gone\.png"):
        await bench.draw(bench.request(brand=brand))


async def test_a_ticket_without_an_image_cannot_be_collected(bench):
    with pytest.raises(BadOutput):
        await bench.provider.collect(Ticket("composer-draft", "composer-x"))


async def test_a_brand_without_products_is_drawn(bench):
    brand = bench.brand.model_copy(update={"products": ()})
    for seed in range(4):
        drawn = await bench.draw(bench.request(brand=brand, seed=seed))
        assert "product" not in {region.role for region in drawn.regions}


async def test_the_cards_price_what_was_measured(bench):
    draft, refine = bench.provider.models()
    assert (draft.name, draft.tier, draft.seed) == ("composer-draft", "fast", "deterministic")
    assert (refine.name, refine.tier) == ("composer-refine", "flagship")
    drawn = await bench.draw(bench.request())
    assert 0 < drawn.price_usd < 50 * draft.price_usd
