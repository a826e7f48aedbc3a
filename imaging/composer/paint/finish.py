"""Light and texture of a final: the draft's tone, a sweep of light, a vignette, and film grain."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import cv2
import numpy as np

from imaging.pixels import Floats, RgbImage
from schemas.images import Box

_TILE: Final = 512
"""Pixels along each side of a tile of grain."""
LightMap = Floats
"""A factor for each cell of a coarse grid over the image."""

_GRID: Final = 24
"""Cells along each side of the grid on which light is measured and laid."""
_TONE_LIMITS: Final = (0.9, 1.1)
"""How far the draft's tone may change the final's. A greater difference is not one of tone."""
_VIGNETTE: Final = 0.2
_SWEEP: Final = 0.11
_GRAIN: Final = 3.0
"""At strength 1: how much corners darken and the lit side brightens, and the grain in levels (standard deviation)."""
_USUAL_STRENGTH: Final = 0.5
_STEPS: Final = 200.0
"""Steps from black to the image's own brightness in which light changes; grain hides the steps."""


def finish(
    image: RgbImage, draft: RgbImage | None, quiet: Sequence[Box], strength: float | None, seed: int
) -> RgbImage:
    """`image` with light and grain of `strength`, 0 to 1 (0.5 if None), and with the tone of `draft`.

    Light changes little in the `quiet` boxes, where words are, so that their measured contrast stays valid. `seed`
    moves the grain.
    """
    power = 2 * (_USUAL_STRENGTH if strength is None else strength)
    field = _tone(image, draft) * _light(draft if draft is not None else image, quiet, power)
    return _grained(_lit(image, field), power * _GRAIN / 2, seed)


def _lit(image: RgbImage, field: LightMap) -> RgbImage:
    """`image` times `field`, in steps of half a per cent: one byte a pixel, at a quarter of the cost of floats."""
    steps = np.rint(np.clip(field * _STEPS, 0, 255)).astype(np.uint8)
    factor = cv2.resize(steps, image.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    wide = cv2.merge((factor, factor, factor))
    return RgbImage(np.asarray(cv2.multiply(image, wide, dst=wide, scale=1 / _STEPS), np.uint8))


def _tone(image: RgbImage, draft: RgbImage | None) -> LightMap:
    """The draft's brightness over the image's: cell by cell if their ratios are the same, else as a whole."""
    flat = np.ones((_GRID, _GRID), dtype=np.float32)
    if draft is None:
        return flat
    own, wanted = _grey(image), _grey(draft)
    same = abs(np.log(image.shape[1] * draft.shape[0] / (image.shape[0] * draft.shape[1]))) < 0.02  # noqa: PLR2004
    if same:
        field = cv2.GaussianBlur((wanted + 8) / (own + 8), (0, 0), 2.0)
    else:
        field = flat * float((wanted.mean() + 8) / (own.mean() + 8))
    return np.asarray(np.clip(field, *_TONE_LIMITS), np.float32)


def _light(source: RgbImage, quiet: Sequence[Box], power: float) -> LightMap:
    """A sweep from the side on which `source` is brightest, and darker corners."""
    steps = np.linspace(-1, 1, _GRID, dtype=np.float32)
    across, down = np.meshgrid(steps, steps)
    grey = _grey(source)
    slope = np.array(((grey * across).sum(), (grey * down).sum()))
    slope = slope / max(float(np.hypot(*slope)), 1e-6) if np.hypot(*slope) > 1 else np.array((-0.6, -0.8))
    sweep = _SWEEP * power * np.clip(across * slope[0] + down * slope[1], -0.2, 1)
    vignette = _VIGNETTE * power * np.clip(np.hypot(across, down) - 0.75, 0, None) ** 1.6
    change = (sweep - vignette) * _kept(quiet)
    return np.asarray(1 + change, np.float32)


def _kept(quiet: Sequence[Box]) -> LightMap:
    """1 where light may change, falling to 0.12 in the `quiet` boxes."""
    mask = np.ones((_GRID, _GRID), dtype=np.float32)
    for box in quiet:
        rows = slice(max(int(box.top * _GRID) - 1, 0), int(box.bottom * _GRID) + 2)
        columns = slice(max(int(box.left * _GRID) - 1, 0), int(box.right * _GRID) + 2)
        mask[rows, columns] = 0.12
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), 1.2), np.float32)


def _grey(image: RgbImage) -> LightMap:
    part = 1 / max(min(image.shape[:2]) // (8 * _GRID), 1)
    some = cv2.resize(image, None, fx=part, fy=part, interpolation=cv2.INTER_NEAREST)
    small = cv2.resize(some, (_GRID, _GRID), interpolation=cv2.INTER_AREA)
    return np.asarray(small.mean(axis=2), np.float32)


def _grained(image: RgbImage, deviation: float, seed: int) -> RgbImage:
    if deviation <= 0:
        return image
    lighter, darker = _grain(round(deviation, 2))
    high, wide = image.shape[:2]
    for top in range(-(seed % 97), high, _TILE):
        for left in range(-(seed % 89), wide, _TILE):
            here = slice(max(top, 0), min(top + _TILE, high)), slice(max(left, 0), min(left + _TILE, wide))
            there = slice(here[0].start - top, here[0].stop - top), slice(here[1].start - left, here[1].stop - left)
            part = image[here]
            cv2.add(part, lighter[there], dst=part)
            cv2.subtract(part, darker[there], dst=part)
    return image


@lru_cache(maxsize=4)
def _grain(deviation: float) -> tuple[RgbImage, RgbImage]:
    """What a tile of grain adds to a pixel, and what it subtracts."""
    grain = np.rint(_grain_tile() * (deviation / 32))
    both = (np.clip(side, 0, 255).astype(np.uint8) for side in (grain, -grain))
    lighter, darker = (RgbImage(np.asarray(cv2.merge((side, side, side)), np.uint8)) for side in both)
    return lighter, darker


@lru_cache(maxsize=1)
def _grain_tile() -> Floats:
    """A tile of slightly clustered grain with a standard deviation of 32."""
    noise = np.random.Generator(np.random.PCG64(7)).standard_normal((_TILE, _TILE)).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), 0.7, borderType=cv2.BORDER_REFLECT)
    return np.asarray(soft * (32 / float(soft.std())), np.float32)
