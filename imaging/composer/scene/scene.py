"""The scene: everything that a painter needs, in units and without pixels. It serialises as JSON."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from imaging.composer.layouts.plan import Corner
from imaging.composer.scene.axes import Axes
from imaging.composer.scene.geometry import Rect
from schemas.base import Model
from schemas.images import Region, Role
from schemas.scenes import ButtonName

Channel = Annotated[int, Field(ge=0, le=255)]
SceneColour = tuple[Channel, Channel, Channel]


class TextLine(Model):
    """One line: its origin on the baseline (units), and its words."""

    text: str
    left: float
    baseline: float


class TextBlock(Model):
    """Lines of one role. `box` bounds their ink; `size` is the font's in units; `ink` is chosen last."""

    role: Role
    lines: tuple[TextLine, ...]
    box: Rect
    family: str
    weight: int
    size: float
    ink: SceneColour = (0, 0, 0)


class Button(Model):
    """The button of the call to action, with the place of its arrow, if it has one."""

    box: Rect
    shape: ButtonName
    arrow: Rect | None = None
    fill: SceneColour = (0, 0, 0)


class PlacedImage(Model):
    """Artwork at its place: the key of its object; `tilt` in degrees, clockwise; `grounded`: it casts a contact shadow.

    `reflection` is how far down, in units, the ground mirrors it.
    """

    key: str
    box: Rect
    tilt: float = 0.0
    grounded: bool = True
    reflection: Annotated[float, Field(ge=0)] = 0.0
    plate: SceneColour | None = None


class Panel(Model):
    """A flat ground for the copy, its corners rounded by `corner` units."""

    box: Rect
    fill: SceneColour
    corner: float = 0.0


class QuoteMark(Model):
    """A quotation mark."""

    box: Rect
    fill: SceneColour


class Scrim(Model):
    """A soft veil of `colour` behind the texts in `boxes`; `strength` is its opacity, 0 to 1."""

    boxes: tuple[Rect, ...]
    colour: SceneColour
    strength: Annotated[float, Field(ge=0, le=1)]


class Motif(Model):
    """The words that a ground of type is made of, the best first, in the headline's font."""

    words: tuple[str, ...]
    initial: str
    family: str
    weight: int
    language: str
    rtl: bool


class Scene(Model):
    """The description of an ad. `height` is in units; the width is always 1000. Without `logo`, none is drawn."""

    axes: Axes
    height: float
    language: str
    rtl: bool
    outside: SceneColour
    window: Rect
    corner: Corner
    disc: Rect | None
    disc_fill: SceneColour
    disc_shape: Literal["circle", "burst"] = "circle"
    panel: Panel | None = None
    mark: QuoteMark | None = None
    rule: Rect | None
    rule_fill: SceneColour
    product: PlacedImage | None
    logo: PlacedImage | None
    blocks: tuple[TextBlock, ...]
    button: Button | None
    scrims: tuple[Scrim, ...] = ()
    motif: Motif | None = None

    def regions(self) -> tuple[Region, ...]:
        """The place of each part, as fractions of the image."""
        texts = [
            Region(role=block.role, box=block.box.box(self.height), text=" ".join(line.text for line in block.lines))
            for block in self.blocks
        ]
        images = [
            Region(role=role, box=image.box.box(self.height))
            for role, image in _roles(self.logo, self.product)
            if image is not None
        ]
        return (*texts, *images)


def _roles(logo: PlacedImage | None, product: PlacedImage | None) -> tuple[tuple[Role, PlacedImage | None], ...]:
    return ("logo", logo), ("product", product)
