"""Ads set in a brand's own fonts."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from imaging.fonts.registry import family_of, font_file
from schemas.brands import FontFile, Fonts
from schemas.errors import InvalidRequest
from schemas.identifiers import content_key

ANTON = (Path(str(files("fontpkg_anton"))) / "files" / "Anton-Regular.ttf").read_bytes()
FRAUNCES = (Path(str(files("fontpkg_fraunces"))) / "files" / "Fraunces[SOFT,WONK,opsz,wght].ttf").read_bytes()
LIKE_A_DRAFT = {"layout": "big_type", "ground": "mesh", "scheme": "ink", "height": 1250.0}


def saved(bench, data: bytes) -> FontFile:
    key = content_key(data, "font/ttf")
    bench.blobs[key] = data
    return FontFile(path="acme.ttf", key=key)


async def drawn(bench, fonts: Fonts) -> bytes:
    brand = bench.brand.model_copy(update={"fonts": fonts})
    return (await bench.draw(bench.request(brand=brand, long_side=320, parameters={"scene": LIKE_A_DRAFT}))).data


def file_of(family: str, weight: int) -> bytes:
    return Path(font_file(family, weight)).read_bytes()


@pytest.mark.parametrize(("data", "name"), [(ANTON, "Anton"), (FRAUNCES, "Fraunces")])
async def test_a_font_of_the_brand_draws_as_the_same_font_of_the_registry(bench, data, name):
    own = Fonts(headline="Acme", body="Inter", files={"Acme": (saved(bench, data),)})
    images = [await drawn(bench, fonts) for fonts in (own, own, Fonts(headline=name), Fonts())]
    assert images[0] == images[1]
    assert images[0] != images[3]
    assert images[0] == images[2]


async def test_a_family_of_two_files_is_bold_where_the_type_is(bench):
    fonts = Fonts(headline="Two", files={"Two": (saved(bench, FRAUNCES), saved(bench, ANTON))})
    await drawn(bench, fonts)
    family = family_of(fonts, "Two")
    assert file_of(family, 400) == FRAUNCES
    assert file_of(family, 700) == ANTON


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (FontFile(path="acme.ttf"), "not uploaded"),
        (FontFile(path="acme.ttf", key="sha256/00/none.ttf"), r"acme\.ttf: the object store has no"),
    ],
)
async def test_a_missing_font_is_named(bench, file, reason):
    with pytest.raises(InvalidRequest, match=reason):
        await drawn(bench, Fonts(headline="Acme", files={"Acme": (file,)}))


async def test_a_damaged_font_is_refused(bench):
    with pytest.raises(InvalidRequest, match="damaged"):
        await drawn(bench, Fonts(headline="Acme", files={"Acme": (saved(bench, b"OTTO" + b"\0" * 40),)}))
