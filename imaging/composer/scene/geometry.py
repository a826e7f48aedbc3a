"""Rectangles in units: a unit is a thousandth of the image's width, so a layout holds at every size."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.base import Model
from schemas.images import Box, Insets

WIDTH = 1000.0
"""The width of every image in units."""


class Rect(Model):
    """A rectangle in units, the origin at the top left of the image."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right, in units."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom, in units."""
        return self.bottom - self.top

    @property
    def centre(self) -> tuple[float, float]:
        """The middle, in units."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def grown(self, by: float) -> Rect:
        """The rectangle with each side moved outwards by `by` units."""
        return Rect(left=self.left - by, top=self.top - by, right=self.right + by, bottom=self.bottom + by)

    def moved(self, across: float, down: float) -> Rect:
        """The rectangle moved by so many units."""
        return Rect(left=self.left + across, top=self.top + down, right=self.right + across, bottom=self.bottom + down)

    def overlaps(self, other: Rect) -> bool:
        """Whether the two share an area."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def within(self, other: Rect) -> Rect:
        """The part of it that lies in `other`."""
        return Rect(
            left=max(self.left, other.left),
            top=max(self.top, other.top),
            right=min(self.right, other.right),
            bottom=min(self.bottom, other.bottom),
        )

    def mirrored(self) -> Rect:
        """The rectangle with left and right of the image exchanged."""
        return Rect(left=WIDTH - self.right, top=self.top, right=WIDTH - self.left, bottom=self.bottom)

    def part(self, left: float, top: float, right: float, bottom: float) -> Rect:
        """The part of it between the four fractions (0 to 1 within it)."""
        return Rect(
            left=self.left + left * self.width,
            top=self.top + top * self.height,
            right=self.left + right * self.width,
            bottom=self.top + bottom * self.height,
        )

    def fitted(self, aspect: float, across: float = 0.5, down: float = 0.5) -> Rect:
        """The largest rectangle of `aspect` (width over height) inside, placed by two fractions (0 start, 1 end)."""
        width = min(self.width, self.height * aspect)
        height = width / aspect
        left = self.left + (self.width - width) * across
        top = self.top + (self.height - height) * down
        return Rect(left=left, top=top, right=left + width, bottom=top + height)

    def box(self, height: float) -> Box:
        """The rectangle as fractions of an image that is `height` units high, cut to the image."""
        return Box(
            left=min(max(self.left / WIDTH, 0.0), 1.0),
            top=min(max(self.top / height, 0.0), 1.0),
            right=min(max(self.right / WIDTH, 0.0), 1.0),
            bottom=min(max(self.bottom / height, 0.0), 1.0),
        )


def on_image(box: Box, height: float) -> Rect:
    """A box in fractions of an image that is `height` units high, in units."""
    return Rect(left=box.left * WIDTH, top=box.top * height, right=box.right * WIDTH, bottom=box.bottom * height)


def bounds(boxes: Sequence[Rect]) -> Rect:
    """The smallest rectangle around all `boxes`, of which there is at least one."""
    return Rect(
        left=min(box.left for box in boxes),
        top=min(box.top for box in boxes),
        right=max(box.right for box in boxes),
        bottom=max(box.bottom for box in boxes),
    )


def canvas(height: float) -> Rect:
    """The whole image."""
    return Rect(left=0.0, top=0.0, right=WIDTH, bottom=height)


def clear_space(logo: Rect) -> Rect:
    """A logo with the space that stays free around it (a fifth of its height, at least 10 units); also its plate."""
    return logo.grown(max(10.0, 0.2 * logo.height))


def safe(insets: Insets, height: float) -> Rect:
    """The area that the platform's interface leaves free."""
    return canvas(height).part(insets.left, insets.top, 1 - insets.right, 1 - insets.bottom)
