"""The drifts: each takes a finished ad and changes one thing against the candidate, at three strengths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from skimage import data as photographs

from bench.eye.defect_images import SampleAd
from bench.eye.drift_faces import another_person, with_portrait
from bench.eye.drift_places import clear_place, moved, pasted
from bench.eye.drift_text import garbled
from bench.eye.drift_upscale import enlarged_by_network
from imaging.measures.brand.palette_table import SIGNATURE_ROLES, table_of
from imaging.pixels import BgrImage, Floats
from schemas.images import Region

STRENGTHS: Final = ("weak", "middle", "strong")
Plant = Callable[[SampleAd, int, np.random.Generator], BgrImage]
"""From a clean ad and a strength (0, 1 or 2) to the final that has drifted."""

_HUE_TURNS: Final = (20.0, 40.0, 70.0)
_WAYS: Final = (0.04, 0.08, 0.14)
_PATCHES: Final = (0.12, 0.20, 0.30)
_CUTS: Final = (0.03, 0.07, 0.14)
_BRAND_REACH: Final = 18.0


@dataclass(frozen=True)
class Drift:
    """A drift, what an image needs before it can be planted (a portrait), and whether an image has what drifts."""

    name: str
    plant: Plant
    prepare: Callable[[SampleAd, np.random.Generator], SampleAd] = lambda image, _: image
    possible: Callable[[SampleAd], bool] = lambda _: True


def brand_hue(image: SampleAd, strength: int, rng: np.random.Generator) -> BgrImage:
    """The hue of all that has a brand colour is turned by 20, 40 or 70 degrees (CIELAB), to either side."""
    near = table_of(image.campaign.brand.palette).of(image.final)[:, : len(SIGNATURE_ROLES)].min(axis=1)
    share = np.clip(2.0 - near / (_BRAND_REACH / 2.0), 0.0, 1.0).reshape(image.final.shape[:2]).astype(np.float32)
    turn = np.deg2rad(_HUE_TURNS[strength]) * rng.choice([-1.0, 1.0])
    lab = _lab(image.final)
    a, b = lab[..., 1].copy(), lab[..., 2].copy()
    lab[..., 1], lab[..., 2] = a * np.cos(turn) - b * np.sin(turn), a * np.sin(turn) + b * np.cos(turn)
    soft = cv2.GaussianBlur(share, (0, 0), 1.0)[..., None]
    return _whole(image.final * (1.0 - soft) + _from_lab(lab) * soft)


def layout_shift(image: SampleAd, strength: int, rng: np.random.Generator) -> BgrImage:
    """The headline or the product is moved by 4, 8 or 14 % of the longer side."""
    there = [region for region in image.final_regions if region.role in {"headline", "product"}]
    region: Region = there[int(rng.integers(len(there)))]
    return moved(image.final, region.box, _WAYS[strength], rng)


def object_replaced(image: SampleAd, strength: int, rng: np.random.Generator) -> BgrImage:
    """Another thing takes the place of the product: a disc of 12, 20 or 30 % of the shorter side."""
    name = str(rng.choice([name for name in ("coffee", "cat", "rocket", "coins") if name not in image.name]))
    thing = getattr(photographs, name)()
    thing = thing[..., ::-1] if thing.ndim == 3 else cv2.cvtColor(thing, cv2.COLOR_GRAY2BGR)
    diameter = round(_PATCHES[strength] * min(image.final.shape[:2]))
    return pasted(image.final, np.ascontiguousarray(thing), clear_place(image, diameter, rng), diameter)


def crop(image: SampleAd, strength: int, rng: np.random.Generator) -> BgrImage:
    """Cut to 97, 93 or 86 % of each side, and enlarged again."""
    height, width = image.final.shape[:2]
    left = 1.0 - _CUTS[strength]
    top, start = (int(rng.integers(0, round(_CUTS[strength] * side) + 1)) for side in (height, width))
    part = image.final[top : top + round(left * height), start : start + round(left * width)]
    return cv2.resize(part, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.uint8, copy=False)


def grade(image: SampleAd, strength: int, rng: np.random.Generator) -> BgrImage:
    """The whole image graded: darker, lighter, warmer, cooler or paler."""
    lab = _lab(image.final)
    kind = int(rng.integers(5))
    power = (0.5, 1.0, 1.8)[strength]
    light = lab[..., 0] / 100.0
    if kind < 2:
        lab[..., 0] = 100.0 * light ** (1.0 + 0.45 * power if kind == 0 else 1.0 / (1.0 + 0.45 * power))
    elif kind < 4:
        lab[..., 2] += (16.0 if kind == 2 else -16.0) * power
        lab[..., 1] += (5.0 if kind == 2 else -3.0) * power
    else:
        lab[..., 1:] *= 1.0 - 0.42 * power
        lab[..., 0] = 50.0 + (lab[..., 0] - 50.0) * (1.0 - 0.18 * power)
    return _whole(_from_lab(lab))


def _lab(bgr: BgrImage) -> Floats:
    return cv2.cvtColor(bgr.astype(np.float32) / 255.0, cv2.COLOR_BGR2Lab).astype(np.float32, copy=False)


def _from_lab(lab: Floats) -> Floats:
    return cv2.cvtColor(lab, cv2.COLOR_Lab2BGR).astype(np.float32, copy=False) * 255.0


def _whole(pixels: np.ndarray) -> BgrImage:
    return np.clip(np.rint(pixels), 0, 255).astype(np.uint8)


def _has_fine_print(image: SampleAd) -> bool:
    return any(region.role == "legal" and region.text for region in image.final_regions)


DRIFTS: Final = (
    Drift("brand hue shift", brand_hue),
    Drift("layout shift", layout_shift),
    Drift("object replaced", object_replaced),
    Drift("face changed", another_person, prepare=with_portrait),
    Drift("text garbled", garbled),
    Drift("crop", crop),
    Drift("global grade", grade),
    Drift("fine print lost by x4 upscale", enlarged_by_network, possible=_has_fine_print),
)
