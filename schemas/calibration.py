"""What is known of a version of a model compared with another one: what changed, and how routing compensates for it."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from schemas.base import Event, Identifier, Instant, Model

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Version = Annotated[str, StringConstraints(min_length=1, max_length=200)]
DialectName = Literal["plain", "flux", "tags", "instructions", "narrative", "typographic"]
"""The style of prompt that a family of models expects: see `routing.prompting.dialects`."""
Effect = Literal["negligible", "small", "medium", "large"]
CalibrationVerdict = Literal["same", "recalibrated", "beyond-repair"]

AT: Final = "@"


class ModelVersion(Model):
    """A version of a model, written ``MODEL@VERSION``."""

    model: Identifier
    version: Version

    @classmethod
    def parse(cls, text: str) -> Self:
        """The version that ``MODEL@VERSION`` names. Raises ValueError."""
        model, at, version = text.partition(AT)
        if not at:
            raise ValueError(f"{text!r} names no version; write MODEL@VERSION, as `brushfire models list` shows both")
        return cls(model=model, version=version)

    def __str__(self) -> str:
        return f"{self.model}{AT}{self.version}"


class Equating(Model):
    """How a measurement of one version is read on the scale of another (equipercentile equating).

    `points` are pairs (measured, read as), ascending in both, linear between and parallel beyond. Outside `low` to
    `high`, the values that may be compensated, a measurement is read as it is.
    """

    measurement: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.]*$")]
    points: Annotated[tuple[tuple[float, float], ...], Field(min_length=1, max_length=25)]
    low: float
    high: float

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        measured = [point[0] for point in self.points]
        read_as = [point[1] for point in self.points]
        if sorted(set(measured)) != measured or sorted(read_as) != read_as or self.low > self.high:
            raise ValueError(f"{self.measurement}: the points must ascend, and low must not be above high")
        return self


class Canary(Model):
    """A version that draws a share of the drafts, so that it is observed in production before it takes over."""

    model: Identifier
    share: Share


class Calibration(Model):
    """What routing does differently for one version of a model.

    `model` is the catalogue's name; `number` counts the calibrations of that model from 1. `strength` multiplies the
    denoising strength of handovers, `dialect` and `emphasis` go into the prompt, `canary` is another model's share of
    this one's drafts.
    """

    model: Identifier
    version: Version
    number: Annotated[int, Field(ge=1)] = 1
    equatings: tuple[Equating, ...] = ()
    strength: Annotated[float, Field(gt=0.0, le=1.0)] = 1.0
    dialect: DialectName | None = None
    emphasis: Annotated[tuple[str, ...], Field(max_length=12)] = ()
    canary: Canary | None = None


class MeasurementChange(Model):
    """One measurement of two versions, with the size and the significance of its change.

    `before` and `after` are its medians; for the accepted images, their shares.

    `delta` is Cliff's delta within briefs, -1 to 1: how much more often an image of the later version has the higher
    value; `low` and `high` are its 95 % confidence interval. `p` is that of a permutation test, `p_adjusted` is
    corrected by Holm's method over all measurements.
    """

    measurement: str
    before: float
    after: float
    delta: float
    low: float
    high: float
    effect: Effect
    p: Share
    p_adjusted: Share
    moved: bool


class MovedLimit(Model):
    """A limit as it applies to this version's images: as many pass it as passed `before`."""

    measurement: str
    side: Literal["least", "most"]
    before: float
    after: float


class CalibrationReport(Event):
    """A calibration with the evidence for it.

    `pictures` counts the images that were made and measured (the stored field keeps its name), `failed` those that were
    not made, by reason. Shares of accepted images: of the version before, of this one as it is, and of this one under
    `calibration`.
    """

    calibration: Calibration
    against: Version
    golden: Identifier
    pictures: Annotated[int, Field(ge=0)]
    failed: dict[str, int] = {}
    verdict: CalibrationVerdict
    bar: float
    accepted_before: Share
    accepted_after: Share
    accepted_calibrated: Share
    comparisons: tuple[MeasurementChange, ...]
    limits: tuple[MovedLimit, ...] = ()
    words: tuple[str, ...]
    spent_usd: Annotated[float, Field(ge=0.0)] = 0.0
    made_at: Instant
