"""Small synthetic ads with known truth, and the defects that are planted in them."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from imaging.measures.subject import Subject
from schemas.brands import Palette
from schemas.campaigns import Format
from schemas.images import Box, Insets, Region, Size

PALETTE = Palette(primary="#e4572e", secondary="#17618f", accent="#ffc914", paper="#f4efe6", ink="#1b1b22")
MARGINS = Insets(top=0.05, right=0.05, bottom=0.05, left=0.05)
FORM = Format(name="square", size=Size(width=1080, height=1080), safe_area=MARGINS)


@dataclass(frozen=True)
class Ad:
    """A scene: its colours, the place of the product, and its text with its height."""

    width: int = 512
    height: int = 512
    ground: str = "#17618f"
    block: str = "#e4572e"
    product: tuple[float, float] = (0.7, 0.38)
    headline: str = "Summer is here"
    text: str = "#ffffff"
    size: float = 0.09
    headline_at: tuple[float, float] = (0.08, 0.62)

    def draw(self) -> tuple[np.ndarray, tuple[Region, ...]]:
        """BGR pixels, drawn four times as large and averaged, and the region of the headline."""
        scale = 4
        width, height = self.width * scale, self.height * scale
        image = Image.new("RGB", (width, height), self.ground)
        pen = ImageDraw.Draw(image)
        self._shade(image)
        pen = ImageDraw.Draw(image)
        x, y, r = self.product[0] * width, self.product[1] * height, 0.17 * min(width, height)
        pen.ellipse((x - r, y - r, x + r, y + r), fill="#ffc914")
        pen.ellipse((x - r / 2, y - r / 2, x + r / 4, y + r / 4), fill="#fff2c0")
        pen.rectangle((0, 0.84 * height, width, height), fill=self.block)
        font = ImageFont.load_default(self.size * height)
        corner = (self.headline_at[0] * width, self.headline_at[1] * height)
        pen.text(corner, self.headline, fill=self.text, font=font)
        left, top, right, bottom = pen.textbbox(corner, self.headline, font=font)
        small = image.resize((self.width, self.height), Image.Resampling.BOX)
        box = Box(left=left / width, top=top / height, right=min(1.0, right / width), bottom=min(1.0, bottom / height))
        return np.asarray(small)[..., ::-1].copy(), (Region(role="headline", box=box, text=self.headline),)

    def _shade(self, image: Image.Image) -> None:
        """A soft fall of light over the ground, as photographs and gradients have it."""
        ramp = Image.linear_gradient("L").resize(image.size).point(lambda level: 40 - level // 6)
        image.paste(Image.new("RGB", image.size, "#000000"), mask=ramp)

    def but(self, **changes) -> Ad:
        return replace(self, **changes)


def subject(ad: Ad | None = None, *, form: Format = FORM, palette: Palette = PALETTE) -> Subject:
    pixels, regions = (ad or Ad()).draw()
    return Subject(pixels, palette, form, regions)


def changed(base: Subject, pixels: np.ndarray) -> Subject:
    """`base` with other pixels."""
    return replace(base, pixels=np.clip(pixels, 0, 255).astype(np.uint8))


def blurred(base: Subject, sigma: float) -> Subject:
    return changed(base, cv2.GaussianBlur(base.pixels, (0, 0), sigma))


def noisy(base: Subject, deviation: float) -> Subject:
    noise = np.random.default_rng(7).normal(0.0, deviation, base.pixels.shape[:2])[..., None]
    return changed(base, base.pixels + noise)


def brightened(base: Subject, levels: int) -> Subject:
    return changed(base, base.pixels.astype(np.int16) + levels)


def encoded(pixels: np.ndarray, kind: str = "JPEG", **options) -> bytes:
    buffer = io.BytesIO()
    if kind == "JPEG":
        options = {"quality": 90, "subsampling": 0, **options}
    Image.fromarray(np.ascontiguousarray(pixels[..., ::-1])).save(buffer, kind, **options)
    return buffer.getvalue()
