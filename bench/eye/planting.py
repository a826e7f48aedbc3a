"""The defects: each takes a clean ad and damages one thing, so strongly that an art director would send it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageDraw

from bench.eye.brush import erased, inside, whole, with_box
from bench.eye.defect_images import SampleAd, through_jpeg
from bench.eye.misspelling import misspell, places, reset
from imaging.colour import lightness_levels
from imaging.fonts.registry import font
from imaging.measures.text.boxes import cut
from imaging.measures.text.lettering import split_letters
from imaging.pixels import BgrImage
from schemas.images import Box, Region

Spoil = Callable[[SampleAd, np.random.Generator], SampleAd]
TEXT: Final = ("headline", "line", "call_to_action", "legal")


@dataclass(frozen=True)
class Defect:
    """A defect: how it is planted, and the measurements of which at least one has to object."""

    name: str
    plant: Spoil
    found_by: tuple[str, ...]
    at_final_size: bool = False


def blur(image: SampleAd, _: np.random.Generator) -> SampleAd:
    """Out of focus: a Gaussian of 2.2 pixels at 512."""
    return replace(image, draft=whole(cv2.GaussianBlur(image.draft, (0, 0), 2.2)))


def noise(image: SampleAd, rng: np.random.Generator) -> SampleAd:
    """Sensor noise of 14 levels in each channel."""
    return replace(image, draft=whole(image.draft + rng.normal(0.0, 14.0, image.draft.shape)))


def clipping(image: SampleAd, rng: np.random.Generator) -> SampleAd:
    """Exposed two and a half stops too long or too short: whole areas without drawing."""
    gain = 5.66 if rng.random() < 0.5 else 1 / 5.66
    linear = (image.draft / 255.0) ** 2.2 * gain
    if gain < 1.0:
        linear = np.maximum(linear - 0.06, 0.0)  # what lies below the sensor's floor is black
    return replace(image, draft=whole(255.0 * np.clip(linear, 0.0, 1.0) ** (1 / 2.2)))


def low_contrast(image: SampleAd, rng: np.random.Generator) -> SampleAd:
    """One text (not the small print) fades into its ground: 22 % of its contrast is left."""
    region = _pick(image.draft_regions, TEXT[:3], rng)
    box = inside(image.draft, region.box)
    ground = np.median(box.reshape(-1, 3), axis=0)
    faded = ground + (box - ground) * 0.22
    return replace(image, draft=with_box(image.draft, region.box, faded))


def missing_line(image: SampleAd, rng: np.random.Generator) -> SampleAd:
    """A text is not there: the ground is painted over it, while the model still reports its place."""
    region = _pick(image.final_regions, TEXT, rng)
    return replace(image, final=erased(image.final, region.box))


def misspelt_line(image: SampleAd, rng: np.random.Generator) -> SampleAd:
    """A text is set again in its place with a letter dropped, doubled, swapped or replaced."""
    long = tuple(region for region in image.final_regions if region.text and places(region.text))
    region = _pick(long, TEXT[:3], rng)
    return replace(image, final=reset(image, region, misspell(region.text, rng)))


def wrong_colour(image: SampleAd, rng: np.random.Generator) -> SampleAd:
    """The brand's hues turned by 70 to 110 degrees, in the whole image."""
    hsv = cv2.cvtColor(image.draft, cv2.COLOR_BGR2HSV).astype(np.int16)
    hsv[..., 0] = (hsv[..., 0] + rng.integers(35, 56)) % 180
    return replace(image, draft=whole(cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2BGR)))


def missing_logo(image: SampleAd, _: np.random.Generator) -> SampleAd:
    """No logo: its ground is painted over it."""
    return replace(image, draft=erased(image.draft, _logo_box(image)))


def crowded_logo(image: SampleAd, rng: np.random.Generator) -> SampleAd:
    """A line of type set so close that it touches the logo's clear space, above, below or beside it."""
    box = _logo_box(image)
    height, width = image.draft.shape[:2]
    tall = (box.bottom - box.top) * height
    canvas = Image.fromarray(image.draft[..., ::-1].copy())
    face = font("Inter", 700, max(9.0, 0.5 * tall))
    dark = bool(inside(image.draft, box).mean() < 128)
    spot = _beside(box, width, height, face.getlength("NEW SEASON"), 0.5 * tall, rng)
    ImageDraw.Draw(canvas).text(spot, "NEW SEASON", fill="#ffffff" if dark else "#101010", font=face)
    return replace(image, draft=np.ascontiguousarray(np.asarray(canvas)[..., ::-1]))


def outside_safe_area(image: SampleAd, rng: np.random.Generator) -> SampleAd:
    """The whole layout slides so far that a text runs into the margin that the platform covers."""
    region = _pick(image.draft_regions, TEXT, rng)
    safe, box = image.form.safe_area, region.box
    to_left = box.left - safe.left < 1.0 - safe.right - box.right
    moved = -(box.left - safe.left) - 0.5 * safe.left if to_left else (1 - safe.right - box.right) + 0.5 * safe.right
    matrix = np.array([[1.0, 0.0, moved * image.draft.shape[1]], [0.0, 1.0, 0.0]])
    slid = cv2.warpAffine(image.draft, matrix, image.draft.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)
    regions = tuple(replaced for r in image.draft_regions if (replaced := _slid(r, moved)) is not None)
    return replace(image, draft=whole(slid), draft_regions=regions)


def clutter(image: SampleAd, rng: np.random.Generator) -> SampleAd:
    """A restless pattern behind a text, whose letters stay as they were."""
    region = _pick(image.draft_regions, TEXT[:2], rng)
    box = cut(image.draft, region.box).astype(np.float64)
    levels = lightness_levels(box.astype(np.uint8))
    _, letters = split_letters(levels)
    if letters.shape != levels.shape:
        letters = np.zeros(levels.shape, dtype=np.bool_)
    spots = cv2.GaussianBlur(rng.normal(0.0, 1.0, levels.shape), (0, 0), 1.2)
    pattern = np.where(spots > 0, 1.0, -1.0)[..., None] * 26.0
    solid = cv2.GaussianBlur(letters.astype(np.float64), (0, 0), 0.6)[..., None]
    return replace(image, draft=with_box(image.draft, region.box, box + pattern * (1.0 - solid)))


def banding(image: SampleAd, _: np.random.Generator) -> SampleAd:
    """A soft fall of light (of shade, on a light image), kept in eighteen levels a channel: it breaks into steps."""
    height, width = image.draft.shape[:2]
    fall = np.add.outer(np.linspace(0.0, 60.0, height), np.linspace(0.0, 40.0, width))[..., None]
    lit = image.draft + (fall if np.median(image.draft) < 110 else -fall)
    step = 255.0 / 17.0
    return replace(image, draft=through_jpeg(whole(np.rint(lit / step) * step), 92))


def again(image: SampleAd, rng: np.random.Generator) -> BgrImage:
    """Nearly the same draft once more: cut 3 % narrower, a shade lighter or darker, saved at quality 60."""
    height, width = image.draft.shape[:2]
    top, left = (int(rng.integers(0, round(0.03 * side) + 1)) for side in (height, width))
    part = image.draft[top : top + round(0.97 * height), left : left + round(0.97 * width)]
    filled = cv2.resize(part, (width, height), interpolation=cv2.INTER_LINEAR)
    return through_jpeg(whole(filled * rng.uniform(0.94, 1.06)), 60)


def compression(image: SampleAd, _: np.random.Generator) -> SampleAd:
    """Saved as JPEG of quality 8."""
    return replace(image, draft=through_jpeg(image.draft, 8))


def _beside(
    box: Box, width: int, height: int, long: float, tall: float, rng: np.random.Generator
) -> tuple[float, float]:
    """The top left corner of a line that touches the logo from a side where there is room for it."""
    left, top, right, bottom = box.left * width, box.top * height, box.right * width, box.bottom * height
    spots = [(left, bottom - 0.12 * tall)]
    if top - 1.1 * tall > 0:
        spots.append((left, top - 1.12 * tall))
    if right + long < width:
        spots.append((right + 1.0, (top + bottom - 1.2 * tall) / 2))
    return spots[int(rng.integers(len(spots)))]


def _slid(region: Region, moved: float) -> Region | None:
    left, right = max(0.0, region.box.left + moved), min(1.0, region.box.right + moved)
    return (
        region.model_copy(update={"box": region.box.model_copy(update={"left": left, "right": right})})
        if (left < right)
        else None
    )


def _logo_box(image: SampleAd) -> Box:
    return next(region.box for region in image.draft_regions if region.role == "logo")


def _pick(regions: tuple[Region, ...], roles: tuple[str, ...], rng: np.random.Generator) -> Region:
    there = [region for region in regions if region.role in roles and region.text]
    return there[int(rng.integers(len(there)))]


DEFECTS: Final = (
    Defect("blur", blur, ("technical.edge_blur",)),
    Defect("noise", noise, ("technical.noise",)),
    Defect("clipping", clipping, ("technical.clipped_shadows", "technical.clipped_highlights", "technical.exposure")),
    Defect("low text contrast", low_contrast, ("text.contrast",)),
    Defect("missing line", missing_line, ("wording.found",), at_final_size=True),
    Defect("misspelt line", misspelt_line, ("wording.wrong_letters", "wording.found"), at_final_size=True),
    Defect(
        "wrong brand colour",
        wrong_colour,
        ("brand_colour.coverage", "brand_colour.distance", "brand_colour.primary_distance"),
    ),
    Defect("missing logo", missing_logo, ("logo.match",)),
    Defect("logo crowded", crowded_logo, ("logo.crowding",)),
    Defect("text outside the safe area", outside_safe_area, ("text.inside_safe_area",)),
    Defect("clutter behind text", clutter, ("text.clutter",)),
    Defect("banding", banding, ("technical.banding",)),
    Defect("heavy compression", compression, ("technical.blockiness",)),
)
"""All but the near-duplicate (`again`), which needs two images."""
