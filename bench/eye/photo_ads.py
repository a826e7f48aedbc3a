"""An ad over a photograph, laid out by hand as a designer would: copy on a panel or a dark fall, logo on a plate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageDraw

from imaging.fonts.registry import font
from imaging.pixels import BgraImage, BgrImage
from schemas.brands import BrandKit, Copy
from schemas.images import Box, Region, Role, Size

MARGIN: Final = 0.07
_PANEL: Final = 0.54
"""Where the copy begins, as a share of the height."""
_OVERSAMPLED: Final = 2

Place = tuple[float, float]


@dataclass
class Page:
    """A page under the brush. All lengths are shares of the page's height."""

    image: Image.Image
    regions: list[Region]

    def write(self, role: Role, text: str, place: Place, size: float, family: str, weight: int, colour: str) -> float:
        """Write `text`, broken into lines, and return where it ends."""
        pen, width, height = ImageDraw.Draw(self.image), self.image.width, self.image.height
        face = font(family, weight, size * height)
        left = place[0] * height
        lines = _broken(text, face, width - 2 * left)
        corner = (left, place[1] * height)
        pen.multiline_text(corner, lines, fill=colour, font=face, spacing=0.25 * size * height)
        box = pen.multiline_textbbox(corner, lines, font=face, spacing=0.25 * size * height)
        self.regions.append(Region(role=role, box=_box(box, self.image.size), text=text))
        return float(box[3] / height)


def lay_out(
    photograph: np.ndarray, brand: BrandKit, logo: BgraImage, wording: Copy, size: Size, *, on_panel: bool
) -> tuple[BgrImage, tuple[Region, ...]]:
    """The ad and the places of its parts. `photograph` is RGB; the copy is on a panel or on the photo."""
    large = (size.width * _OVERSAMPLED, size.height * _OVERSAMPLED)
    page = Page(_ground(photograph, brand, large, on_panel=on_panel, panel=True), [])
    side = MARGIN * size.width / size.height
    _lay_logo(page, logo, brand, side)
    colour = brand.palette.paper
    end = page.write("headline", wording.headline, (side, _PANEL + 0.04), 0.058, brand.fonts.headline, 700, colour)
    end = page.write("line", wording.line, (side, end + 0.02), 0.03, brand.fonts.body, 500, colour)
    _button(page, wording.call_to_action, (side, end + 0.03), brand)
    if wording.legal:
        page.write("legal", wording.legal, (side, 0.915), 0.019, brand.fonts.body, 400, colour)
    small = page.image.resize((size.width, size.height), Image.Resampling.LANCZOS)
    return np.ascontiguousarray(np.asarray(small)[..., ::-1]), tuple(page.regions)


def without_copy(
    photograph: np.ndarray, brand: BrandKit, logo: BgraImage, size: Size
) -> tuple[BgrImage, tuple[Region, ...]]:
    """The photograph with the brand's bar and logo alone, as a model draws that sets no type."""
    large = (size.width * _OVERSAMPLED, size.height * _OVERSAMPLED)
    page = Page(_ground(photograph, brand, large, panel=False), [])
    _lay_logo(page, logo, brand, MARGIN * size.width / size.height)
    small = page.image.resize((size.width, size.height), Image.Resampling.LANCZOS)
    return np.ascontiguousarray(np.asarray(small)[..., ::-1]), tuple(page.regions)


def _ground(
    photograph: np.ndarray, brand: BrandKit, size: tuple[int, int], *, on_panel: bool = True, panel: bool
) -> Image.Image:
    """The photograph, filling the page, and below it the brand's darkest colour (a panel or a fall), and its bar."""
    rgb = photograph if photograph.ndim == 3 else cv2.cvtColor(photograph, cv2.COLOR_GRAY2RGB)
    scale = max(size[0] / rgb.shape[1], size[1] / rgb.shape[0])
    fitted = Image.fromarray(rgb[..., :3]).resize(
        (round(rgb.shape[1] * scale), round(rgb.shape[0] * scale)), Image.Resampling.BICUBIC
    )
    left, top = (fitted.width - size[0]) // 2, (fitted.height - size[1]) // 2
    page = fitted.crop((left, top, left + size[0], top + size[1]))
    if panel:
        _lay_panel(page, brand, on_panel=on_panel)
    bar = Image.new("RGB", (size[0], round(0.035 * size[1])), brand.palette.primary)
    page.paste(bar, (0, size[1] - bar.height))
    return page


def _lay_panel(page: Image.Image, brand: BrandKit, *, on_panel: bool) -> None:
    size = page.size
    down = np.linspace(0.0, 1.0, size[1])
    cover = (down >= _PANEL) * 1.0 if on_panel else np.clip((down - 0.30) / 0.24, 0.0, 1.0) * 0.94
    mask = Image.fromarray(np.repeat((cover * 255).astype(np.uint8)[:, None], size[0], axis=1))
    dark = min((brand.palette.primary, brand.palette.accent, brand.palette.ink), key=_brightness)
    page.paste(Image.new("RGB", size, dark), mask=mask)


def _lay_logo(page: Page, logo: BgraImage, brand: BrandKit, side: float) -> None:
    height = page.image.height
    wide, tall = round(0.30 * page.image.width), round(0.30 * page.image.width * logo.shape[0] / logo.shape[1])
    left, top, pad = round((side + 0.015) * height), round(0.085 * height), round(0.25 * tall)
    ImageDraw.Draw(page.image).rounded_rectangle(
        (left - pad, top - pad, left + wide + pad, top + tall + pad), pad, fill=brand.palette.paper
    )
    sprite = Image.fromarray(np.ascontiguousarray(logo[..., [2, 1, 0, 3]])).resize(
        (wide, tall), Image.Resampling.LANCZOS
    )
    page.image.paste(sprite, (left, top), sprite)
    page.regions.append(Region(role="logo", box=_box((left, top, left + wide, top + tall), page.image.size)))


def _button(page: Page, text: str, place: Place, brand: BrandKit) -> None:
    height = page.image.height
    face = font(brand.fonts.body, 700, 0.028 * height)
    pen = ImageDraw.Draw(page.image)
    width = pen.textlength(text, font=face)
    left, top = place[0] * height, place[1] * height
    box = (left, top, left + width + 0.06 * height, top + 0.065 * height)
    fill, ink = _button_colours(brand)
    pen.rounded_rectangle(box, 0.015 * height, fill=fill)
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    pen.text(middle, text, fill=ink, font=face, anchor="mm")
    words = pen.textbbox(middle, text, font=face, anchor="mm")
    page.regions.append(Region(role="call_to_action", box=_box(words, page.image.size), text=text))


def _button_colours(brand: BrandKit) -> tuple[str, str]:
    fill = max((brand.palette.secondary, brand.palette.accent), key=_brightness)
    return fill, brand.palette.ink


def _brightness(colour: str) -> int:
    red, green, blue = bytes.fromhex(colour[1:])
    return 299 * red + 587 * green + 114 * blue


def _box(box: tuple[float, float, float, float], size: tuple[int, int]) -> Box:
    left, top, right, bottom = box
    return Box(left=left / size[0], top=top / size[1], right=right / size[0], bottom=bottom / size[1])


def _broken(text: str, face: object, width: float) -> str:
    """`text` in lines of at most `width` pixels."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and face.getlength(longer) > width:  # type: ignore[attr-defined]
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)
