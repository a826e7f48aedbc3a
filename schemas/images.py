"""Images as they travel: by content-addressed key, never by their bytes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from schemas.base import Model

MediaType = Literal["image/jpeg", "image/png", "image/webp"]
Fraction = Annotated[float, Field(ge=0.0, le=1.0)]
Role = Literal["headline", "line", "call_to_action", "legal", "logo", "product"]


LARGEST_MARGINS = 0.6
"""Margins on opposite sides may take up to this share; platforms cover at most about half of a story."""


class Size(Model):
    """Width and height in pixels."""

    width: Annotated[int, Field(ge=16, le=8192)]
    height: Annotated[int, Field(ge=16, le=8192)]

    @property
    def ratio(self) -> float:
        """Width over height."""
        return self.width / self.height

    def scaled_to(self, long_side: int) -> Size:
        """The same ratio with its longer side at `long_side` pixels (both sides at least 16)."""
        scale = long_side / max(self.width, self.height)
        return Size(width=max(16, round(self.width * scale)), height=max(16, round(self.height * scale)))


class Insets(Model):
    """Margins that must stay free, as fractions (0 to 1) of the width (left, right) or height (top, bottom)."""

    top: Fraction = 0.0
    right: Fraction = 0.0
    bottom: Fraction = 0.0
    left: Fraction = 0.0

    @model_validator(mode="after")
    def _leave_room(self) -> Insets:
        if max(self.top + self.bottom, self.left + self.right) > LARGEST_MARGINS:
            raise ValueError("the margins leave less than 40 % of the image; write smaller fractions")
        return self


class Box(Model):
    """A rectangle as fractions (0 to 1) of the image, the origin at the top left."""

    left: Fraction
    top: Fraction
    right: Fraction
    bottom: Fraction

    @model_validator(mode="after")
    def _ordered(self) -> Box:
        if self.left >= self.right or self.top >= self.bottom:
            raise ValueError("a box needs left < right and top < bottom")
        return self


class Region(Model):
    """Where something is in an image, as reported by the model that drew it."""

    role: Role
    box: Box
    text: str = ""


class ImageRef(Model):
    """A stored image: its key in the object store (the SHA-256 of its bytes), type and size."""

    key: str
    media_type: MediaType
    size: Size
    bytes: Annotated[int, Field(gt=0)]
