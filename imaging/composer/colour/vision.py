"""How colours look to colour-blind people: the model of Machado, Oliveira and Fernandes (2009), severity 1.

"A Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG 15(6), table 1: matrices of linear
sRGB.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal, get_args

from imaging.colour import ColourMatrix, RgbColour, contrast, encoded, linear, oklab_distance, times

Deficiency = Literal["protanopia", "deuteranopia", "tritanopia"]
DEFICIENCIES: Final[tuple[Deficiency, ...]] = get_args(Deficiency)
_MATRICES: Final[dict[Deficiency, ColourMatrix]] = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


@lru_cache(maxsize=4096)
def seen_by(colour: RgbColour, deficiency: Deficiency) -> RgbColour:
    """`colour` as someone with this deficiency sees it."""
    return encoded(times(_MATRICES[deficiency], linear(colour)))


@lru_cache(maxsize=4096)
def least_distance(one: RgbColour, other: RgbColour) -> float:
    """The least Oklab distance of two colours, over full vision and every deficiency."""
    return min(
        oklab_distance(one, other), *(oklab_distance(seen_by(one, kind), seen_by(other, kind)) for kind in DEFICIENCIES)
    )


@lru_cache(maxsize=4096)
def least_contrast(one: RgbColour, other: RgbColour) -> float:
    """The least contrast ratio of two colours, over full vision and every deficiency."""
    return min(contrast(one, other), *(contrast(seen_by(one, kind), seen_by(other, kind)) for kind in DEFICIENCIES))
