"""Brings photographs into the brand's colours: printed in two inks, or graded towards its palette."""

from __future__ import annotations

from typing import Final, Literal, get_args

import cv2
import numpy as np
import numpy.typing as npt

from imaging.colour import RgbColour, lightness, mix, rgb
from imaging.composer.colour.harmony import at_lightness, lch
from imaging.pixels import RgbImage
from schemas.brands import Palette
from schemas.errors import InvalidRequest

TreatmentName = Literal["duotone", "grade"]
TREATMENTS: Final[tuple[TreatmentName, ...]] = get_args(TreatmentName)
_CUT: Final = 0.5
"""Percent of the darkest and brightest pixels that a duotone prints as solid ink and bare paper."""
_MIDDLE: Final = 0.55
"""The lightness at which the middle tone of a duotone is the brand's colour."""
_TINT: Final = 0.22
"""How far a grade moves shadows and highlights towards the brand's colours."""


def treatment_in(value: object) -> TreatmentName:
    """The treatment that a request names. Raises InvalidRequest, which lists what there is."""
    found = next((name for name in TREATMENTS if name == value), None)
    if found is None:
        raise InvalidRequest(f"there is no treatment {value!r}; there are {', '.join(TREATMENTS)}")
    return found


def treated(image: RgbImage, name: TreatmentName, palette: Palette) -> RgbImage:
    """`image` (height x width x 3) after the treatment `name`."""
    return _duotone(image, palette) if name == "duotone" else _graded(image, palette)


def _duotone(image: RgbImage, palette: Palette) -> RgbImage:
    """Light and dark of `image` between the brand's ink and paper, the tones between in its primary colour."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    low, high = np.percentile(grey[::4, ::4], (_CUT, 100 - _CUT))
    even = np.clip((grey.astype(np.float32) - low) * (255 / max(float(high - low), 1.0)), 0, 255).astype(np.uint8)
    return RgbImage(np.asarray(_table(palette)[even], np.uint8))


def _table(palette: Palette) -> npt.NDArray[np.uint8]:
    """The printed colour of each grey level."""
    paper, ink = _deepest(palette)
    lead = max((rgb(palette.primary), rgb(palette.accent)), key=lambda colour: lch(colour).chroma)
    middle = at_lightness(lead, _MIDDLE)
    steps = np.linspace(0, 2, 256)
    tones = [mix(ink, middle, step) if step <= 1 else mix(middle, paper, step - 1) for step in steps]
    return np.array(tones, dtype=np.uint8)


def _deepest(palette: Palette) -> tuple[RgbColour, RgbColour]:
    """The brand's paper and ink, the lighter first."""
    pair = rgb(palette.paper), rgb(palette.ink)
    return max(pair, key=lightness), min(pair, key=lightness)


def _graded(image: RgbImage, palette: Palette) -> RgbImage:
    """`image` with shadows nearer to the brand's primary colour and highlights nearer to its paper."""
    lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB).astype(np.float32)
    wanted = np.array([[at_lightness(rgb(palette.primary), 0.4), rgb(palette.paper)]], dtype=np.uint8)
    shadow, highlight = cv2.cvtColor(wanted, cv2.COLOR_RGB2LAB).astype(np.float32)[0, :, 1:]
    light = lab[..., :1] / 255
    lab[..., 1:] += _TINT * ((1 - light) ** 2 * (shadow - 128) + light**2 * (highlight - 128))
    return RgbImage(np.asarray(cv2.cvtColor(lab.clip(0, 255).astype(np.uint8), cv2.COLOR_LAB2RGB), np.uint8))
