"""What was measured of an image, each number with the name and version of the check that measured it."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from schemas.base import Dollars, Event, Identifier, Instant, Model
from schemas.campaigns import Lane, ScoreWeights
from schemas.images import Box, ImageRef

Direction = Literal["higher", "lower", "none"]
"""Which direction is better; `none` if neither is (a description, not a merit)."""


class Measurement(Model):
    """One number: its name, value, unit, range, better direction, and the check that measured it."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.]*$")]
    value: float
    unit: str
    low: float
    high: float
    better: Direction
    measured_by: str
    measured_by_version: str
    detail: str = ""


SIGNATURE_GRID_SIDE: Final = 4
"""Cells of a signature's colour grid, across and down."""
SIGNATURE_CONTENT_SIZE: Final = 64
"""Numbers of a signature that say what is shown."""


class Signature(Model):
    """What images are compared by for novelty.

    `phash` is a 64-bit perceptual hash, `lab_grid` a 4 x 4 grid of CIELAB colours (48 signed bytes), both in hex. The
    hash alone misses a recoloured block; the grid detects it. `content` says what is shown, regardless of its place: 64
    signed bytes in hex, empty if no network looked at the image.
    """

    phash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    lab_grid: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{96}$")]
    content: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{128})?$")] = ""


class ReadText(Model):
    """A line as it was read in an image: where, what, and how sure the reader is (0 to 1)."""

    box: Box
    text: str
    confidence: Annotated[float, Field(ge=0.0, le=1.0)]


class Scorecard(Event):
    """The measurements of one draft or one refinement.

    `drift` compares a refinement with its candidate; it is empty for a draft. `text_read` are the lines found in the
    whole image, if it was read as a whole. `weights` are those of the campaign, so that every reader of the card
    computes the same score.
    """

    subject: Literal["draft", "refinement"]
    job_id: Identifier
    brief_id: Identifier
    campaign_id: Identifier
    lane: Lane
    candidate_id: Identifier
    variant: Annotated[int, Field(ge=0)]
    form_name: Identifier
    model: str
    image: ImageRef
    price_usd: Dollars
    measurements: tuple[Measurement, ...]
    drift: tuple[Measurement, ...] = ()
    text_read: tuple[ReadText, ...] = ()
    signature: Signature
    weights: ScoreWeights = ScoreWeights()
    measured_at: Instant
    seconds: Annotated[float, Field(ge=0.0)]

    def value(self, name: str) -> float | None:
        """The value of the measurement `name`, or None if it was not measured."""
        return next((m.value for m in (*self.measurements, *self.drift) if m.name == name), None)
