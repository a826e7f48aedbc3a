"""The colours of the three sample brands; the campaign files name the same ones."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Colours:
    """A brand's colours by role, as sRGB hex codes."""

    primary: str
    secondary: str
    accent: str
    paper: str
    ink: str


FARHOLM = Colours(primary="#0e4a5c", secondary="#8fd6d2", accent="#ff6f4c", paper="#f7f1e5", ink="#0a2732")
KESTRUN = Colours(primary="#1d2fd0", secondary="#d3f53c", accent="#ff4f3a", paper="#f3f4ee", ink="#0b0f33")
MARROWBY = Colours(primary="#d9571c", secondary="#f8c867", accent="#7b1e42", paper="#fff5e4", ink="#34150f")

WHITE = "#ffffff"
SHADE = "#06131c"
"""A cold near-black for cast shadows."""
