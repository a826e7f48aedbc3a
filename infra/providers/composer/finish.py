"""Light and texture of a final: the draft's tone matched, a sweep of light, a vignette, and film grain."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from infra.providers.composer.colour import Pixels
from schemas.images import Box

Field = npt.NDArray[np.float32]
"""A factor for each cell of a coarse grid over the picture."""

_GRID: Final = 24
"""Cells along each side of the grid on which light is measured and laid."""
_TONE_LIMITS: Final = (0.9, 1.1)
"""How far the draft's tone may move a final's: beyond, it is another picture, not another tone."""
_VIGNETTE: Final = 0.2
_SWEEP: Final = 0.11
_GRAIN: Final = 3.0
"""At strength 1: darkening of the corners, brightening of the lit side, and grain in levels (standard deviation)."""
_USUAL_STRENGTH: Final = 0.5


def finish(picture: Pixels, draft: Pixels | None, quiet: Sequence[Box], strength: float | None, seed: int) -> Pixels:
    """`picture` lit and grained, at `strength` 0 to 1 (0.5 where None), after the light of `draft`.

    Light is held back in the `quiet` boxes, where words stand, so that measured contrast holds.
    """
    power = 2 * (_USUAL_STRENGTH if strength is None else strength)
    field = _tone(picture, draft) * _light(draft if draft is not None else picture, quiet, power)
    high, wide = picture.shape[:2]
    factor = cv2.resize(field, (wide, high), interpolation=cv2.INTER_CUBIC)
    lit = cv2.multiply(picture, cv2.merge((factor, factor, factor)), dtype=cv2.CV_8U)
    return _grained(np.asarray(lit, np.uint8), power * _GRAIN / 2, seed)


def _tone(picture: Pixels, draft: Pixels | None) -> Field:
    """The draft's luminance over the picture's: cell by cell where they have one shape, else overall."""
    flat = np.ones((_GRID, _GRID), dtype=np.float32)
    if draft is None:
        return flat
    own, wanted = _grey(picture), _grey(draft)
    same = abs(np.log(picture.shape[1] * draft.shape[0] / (picture.shape[0] * draft.shape[1]))) < 0.02  # noqa: PLR2004
    if same:
        field = cv2.GaussianBlur((wanted + 8) / (own + 8), (0, 0), 2.0)
    else:
        field = flat * float((wanted.mean() + 8) / (own.mean() + 8))
    return np.asarray(np.clip(field, *_TONE_LIMITS), np.float32)


def _light(source: Pixels, quiet: Sequence[Box], power: float) -> Field:
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


def _kept(quiet: Sequence[Box]) -> Field:
    """1 where light may change, falling to 0.12 in the `quiet` boxes."""
    mask = np.ones((_GRID, _GRID), dtype=np.float32)
    for box in quiet:
        rows = slice(max(int(box.top * _GRID) - 1, 0), int(box.bottom * _GRID) + 2)
        columns = slice(max(int(box.left * _GRID) - 1, 0), int(box.right * _GRID) + 2)
        mask[rows, columns] = 0.12
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), 1.2), np.float32)


def _grey(picture: Pixels) -> Field:
    small = cv2.resize(picture, (_GRID, _GRID), interpolation=cv2.INTER_AREA)
    return np.asarray(small.mean(axis=2), np.float32)


def _grained(picture: Pixels, deviation: float, seed: int) -> Pixels:
    if deviation <= 0:
        return picture
    high, wide = picture.shape[:2]
    tile = _grain_tile()
    offset = seed % 97, seed % 89
    repeats = high // tile.shape[0] + 2, wide // tile.shape[1] + 2
    grain = np.tile(tile, repeats)[offset[0] : offset[0] + high, offset[1] : offset[1] + wide]
    scaled = np.rint(grain * (deviation / 32)).astype(np.int16)
    grey = cv2.merge((scaled, scaled, scaled))
    return np.asarray(cv2.add(picture, grey, dtype=cv2.CV_8U), np.uint8)


@lru_cache(maxsize=1)
def _grain_tile() -> npt.NDArray[np.float32]:
    """A tile of slightly clustered grain with a standard deviation of 32."""
    noise = np.random.Generator(np.random.PCG64(7)).standard_normal((512, 512)).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), 0.7, borderType=cv2.BORDER_REFLECT)
    return np.asarray(soft * (32 / float(soft.std())), np.float32)
