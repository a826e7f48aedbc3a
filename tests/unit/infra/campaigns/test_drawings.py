"""SVG logos: drawn where they are harmless, refused with a reason where they are not."""

from __future__ import annotations

import gzip
import io

import pytest
from PIL import Image

from imaging.svg.rules import check_drawing
from infra.campaigns.brand_files import inspect_artwork
from infra.campaigns.reading import load_campaigns

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 300 100">'
DISC = '<circle cx="50" cy="50" r="40" fill="#c00"/>'


def svg(inside: str) -> str:
    return f"{HEAD}{inside}</svg>"


def write(directory, data: str | bytes, name: str = "logo.svg"):
    (directory / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return name


def test_a_drawing_becomes_an_image_with_transparency(tmp_path):
    ornate = "<?xml version='1.0' encoding='utf-8'?><!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'svg11.dtd'>" + svg(
        "<style>.a{fill:url(#g)}</style><defs><linearGradient id='g'><stop stop-color='#0a0'/></linearGradient>"
        f"<g id='d'>{DISC}</g></defs><use xlink:href='#d'/><rect class='a' x='200' width='100' height='100'/>"
    )
    data, media_type, size = inspect_artwork(write(tmp_path, ornate), tmp_path)
    assert (media_type, size.width, size.height) == ("image/png", 2048, 683)
    with Image.open(io.BytesIO(data)) as image:
        assert image.getpixel((341, 341)) == (204, 0, 0, 255)
        assert image.getpixel((1700, 341)) == (0, 170, 0, 255)
        assert image.getpixel((1000, 10))[3] == 0


def test_a_tall_drawing_is_as_high_as_a_wide_one_is_wide(tmp_path):
    tall = svg(DISC).replace("0 0 300 100", "0 0 100 300")
    size = inspect_artwork(write(tmp_path, tall), tmp_path)[2]
    assert (size.width, size.height) == (683, 2048)


NESTED = "".join(f"<g id='b{level}'>" + f"<use href='#b{level - 1}'/>" * 10 + "</g>" for level in range(1, 10))


@pytest.mark.parametrize(
    ("drawing", "reason"),
    [
        (svg("<script>fetch('//evil')</script>"), "script"),
        (svg("<rect width='9' height='9' onload='run()'/>"), "script"),
        (svg("<foreignObject><div xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>"), "web page"),
        (svg("<text>Farholm</text>"), "outlines"),
        (svg("<image href='data:image/png;base64,AAAA'/>"), "bitmap"),
        (svg("<filter id='f'/>"), "filter"),
        (svg("<rect><animate/></rect>"), "animation"),
        (svg("<video/>"), "<video>"),
        (svg("<use xlink:href='file:///etc/passwd'/>"), "outside itself"),
        (svg("<use href='http://169.254.169.254/x.svg#a'/>"), "outside itself"),
        (svg("<rect fill='url( \"http://x/y#z\" )'/>"), "outside itself"),
        (svg("<style>rect{fill:URL(//x/y)}</style>"), "outside itself"),
        (svg("<style>@import 'x.css';</style>"), "style sheet"),
        (svg("<rect style='fill:u\\72l(//x)'/>"), "style sheet"),
        ("<!DOCTYPE svg [<!ENTITY a 'b'>]>" + svg("&a;"), "entities"),
        (svg("<g id='b0'/>" + NESTED), "50,000"),
        (svg("<use id='u' href='#u'/>"), "within itself"),
        (svg("".join(f"<use id='c{n}' href='#c{n + 1}'/>" for n in range(400))), "refers through"),
        (svg("<g>" * 40 + "</g>" * 40), "deep"),
        ("<html/>", "no SVG drawing"),
        ("<svg/>", "no SVG drawing"),
        (svg("<g>"), "damaged"),
    ],
)
def test_a_harmful_drawing_is_refused_with_its_reason(drawing, reason):
    with pytest.raises(ValueError, match=reason):
        check_drawing(drawing)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (gzip.compress(svg(DISC).encode()), "compressed"),
        (svg(DISC).encode("utf-16"), "SVG, PNG"),
        (svg("<desc>Caf\xe9</desc>").encode("latin-1"), "UTF-8"),
        (svg(DISC + " " * 2_100_000), "2 MB"),
        (svg(DISC).replace("0 0 300 100", "0 0 3000 10"), "too long and thin"),
        (svg(DISC).replace("viewBox", "width='0' height='0' data-x"), "cannot be drawn"),
    ],
)
def test_an_invalid_drawing_is_refused_with_its_reason(tmp_path, data, reason):
    with pytest.raises(ValueError, match=reason):
        inspect_artwork(write(tmp_path, data), tmp_path)


def test_a_campaign_takes_a_drawing_and_names_the_line_of_a_bad_one(directory, broken):
    write(directory, svg(DISC))
    good = broken("logo: logo.png", "logo: logo.svg")
    assert not load_campaigns(good.parent).problems
    write(directory, svg("<script/>"))
    (problem,) = load_campaigns(good.parent).problems
    assert (problem.line, "logo.svg: runs a script" in str(problem)) == (9, True)
