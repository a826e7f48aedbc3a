"""The named choices of a composed scene: its layouts, grounds, colour schemes, moods and buttons.

The names are the one registry of layouts and grounds. The composer loads the module of each name (see
`imaging.composer.layouts` and `imaging.composer.grounds`). The order counts: seeds choose by position, so a new name
goes to the end, and still changes what existing seeds draw.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, get_args

from schemas.brands import Avoidable

LayoutName = Literal[
    "full_bleed", "split_panel", "framed", "big_type", "product_hero", "editorial", "card", "ribbon",
    "porthole", "diagonal", "grid", "quote", "burst", "minimal", "poster", "sidebar", "banner_top",
]  # fmt: skip
GroundName = Literal[
    "mesh", "hills", "blobs", "halftone", "tiles", "rays", "papercut", "arcs", "bokeh", "leaks", "stripes", "confetti",
    "paper", "type",
]  # fmt: skip
SchemeName = Literal["primary", "secondary", "accent", "ink", "paper"]
MoodName = Literal["own", "light", "dark"]
"""How light the ground is: as the scheme's own colour, or a tint or a shade of it."""
ButtonName = Literal["pill", "rounded", "square"]

LAYOUTS: Final[tuple[LayoutName, ...]] = get_args(LayoutName)
GROUNDS: Final[tuple[GroundName, ...]] = get_args(GroundName)
SCHEMES: Final[tuple[SchemeName, ...]] = get_args(SchemeName)
MOODS: Final[tuple[MoodName, ...]] = get_args(MoodName)
BUTTONS: Final[tuple[ButtonName, ...]] = get_args(ButtonName)
AXIS_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "layout": LAYOUTS,
    "ground": GROUNDS,
    "scheme": SCHEMES,
    "mood": MOODS,
    "button": BUTTONS,
}
"""The axes whose values are names, with the names of each."""


def unknown_choices(never: Mapping[Avoidable, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """The axes of a brand's `never` that name an unknown choice or exclude every choice, each with what to change."""
    for axis, names in never.items():
        known = AXIS_CHOICES[axis]
        unknown = [name for name in names if name not in known]
        if unknown:
            yield axis, f"there is no {axis} {unknown[0]!r}; there are {', '.join(known)}"
        elif len(set(names)) == len(known):
            yield axis, f"this leaves no {axis}; take one out"
