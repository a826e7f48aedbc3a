"""Style tags: which of them are about light or camera, and what each family of models is prompted for them.

The table holds what a family is known to read differently than a designer means it. A tag that it does not list is used
as it is. Set by hand, from what users of these models report; `brushfire calibrate` measures what a dialect does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from schemas.calibration import DialectName

Family = DialectName

LIGHT: Final = frozenset(
    {
        "soft light", "hard light", "stadium light", "golden hour", "blue hour", "backlit", "rim light", "candle light",
        "neon", "overcast", "studio light", "high key", "low key", "daylight", "moonlight", "dramatic light",
    }
)  # fmt: skip
CAMERA: Final = frozenset(
    {
        "macro", "wide angle", "telephoto", "close-up", "top view", "flat lay", "low angle", "bird's eye", "bokeh",
        "long exposure", "fisheye", "portrait lens", "tilt-shift", "35mm",
    }
)  # fmt: skip

TRANSLATIONS: Final[Mapping[str, Mapping[Family, str]]] = {
    "bold": {  # read as bold type by models that letter, as nothing by CLIP
        "flux": "strong simple shapes in saturated colour", "tags": "vibrant colors, strong shapes",
        "typographic": "strong simple shapes", "narrative": "strong simple shapes in saturated colour",
        "instructions": "strong simple shapes and saturated colour",
    },
    "cosy": {"tags": "cozy, hygge, warm interior lighting"},  # captions of the training sets are American
    "kinetic": {
        "flux": "a moment caught in mid-motion, with motion blur", "tags": "dynamic pose, motion blur, action shot",
        "narrative": "a moment caught in mid-motion", "instructions": "a moment of fast motion",
    },
    "high contrast": {  # as a tag it gives burnt-out HDR images
        "tags": "chiaroscuro, deep shadows", "flux": "deep shadows beside bright light",
    },
    "flat": {  # of light: dull; of drawing: what is meant
        "flux": "flat vector illustration without shading", "tags": "flat design, vector art, minimal shading",
        "narrative": "that of a flat vector illustration", "instructions": "flat vector illustration, no gradients",
        "typographic": "flat vector style",
    },
    "paper cut": {"tags": "papercut, layered paper art, paper craft", "flux": "made of layered cut paper"},
    "wanderlust": {
        "tags": "travel photography, scenic vista", "flux": "a wide view that calls one to travel",
        "instructions": "the mood of setting out on a journey", "narrative": "the mood of setting out on a journey",
    },
    "northern": {"tags": "nordic, scandinavian", "flux": "of the Nordic countries"},
    "appetising": {"tags": "food photography, appetizing, mouth-watering"},
    "minimal": {"tags": "minimalist, negative space, clean background", "flux": "with much empty space"},
    "retro": {"tags": "retro, 1970s poster", "flux": "like a printed poster of the 1970s"},
    "soft light": {"tags": "soft lighting, diffused light", "flux": "soft diffuse light from a large window"},
    "stadium light": {
        "tags": "stadium lights, floodlit, night", "flux": "floodlights of a stadium at night",
        "narrative": "the floodlights of a stadium at night",
    },
    "neon": {"tags": "neon lighting, glowing", "flux": "neon tubes that colour the scene"},
    "bokeh": {"tags": "bokeh, depth of field", "flux": "a shallow depth of field"},
    "35mm": {"tags": "35mm photograph, film grain", "flux": "35 mm film"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """A campaign's style tags, sorted by what they are about."""

    style: tuple[str, ...]
    light: tuple[str, ...]
    camera: tuple[str, ...]


def look_of(tags: Iterable[str]) -> Look:
    """`tags` sorted into style, light and camera, in their order."""
    style: list[str] = []
    light: list[str] = []
    camera: list[str] = []
    for tag in tags:
        key = _key(tag)
        (light if key in LIGHT else camera if key in CAMERA else style).append(tag)
    return Look(tuple(style), tuple(light), tuple(camera))


def translated(tag: str, family: Family) -> str:
    """`tag` in the words of `family`; itself if the family reads it as it is meant."""
    return TRANSLATIONS.get(_key(tag), {}).get(family, tag)


def _key(tag: str) -> str:
    return " ".join(tag.casefold().split())
