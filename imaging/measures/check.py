"""The contract of every check, and the scale that each of its numbers stands on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from imaging.measures.subject import Subject
from schemas.scorecards import Direction, Measurement


class Named(Protocol):
    """What signs a measurement. `version` changes whenever the same image would give another number."""

    @property
    def name(self) -> str:
        """The name that stands in `Measurement.measured_by`."""

    @property
    def version(self) -> str:
        """The version of the formulas and constants."""


class Check(Named, Protocol):
    """Something that measures one image.

    1. `measure` is pure: the same subject gives the same numbers, in any thread or process.
    2. Every name of `scales` that is measured appears once; a number that cannot be measured of this
       subject is left out, never made up.
    3. `measure` does not raise for any decodable image, however small, flat or noisy.
    """

    @property
    def scales(self) -> tuple[Scale, ...]:
        """The scales that this check can measure on, for documentation and tests."""

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """The measurements of `subject`."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a number stands: its name, unit, range (`low` to `high`) and which way is better."""

    name: str
    unit: str
    low: float
    high: float
    better: Direction

    def reading(self, value: float, by: Named, detail: str = "") -> Measurement:
        """`value` as a measurement signed by `by`, to six digits, clamped into the range that rounding may overshoot.

        Raises:
            ValueError: `value` is not finite: a fault of the check, never of the image.
        """
        if not math.isfinite(value):
            raise ValueError(f"{by.name} measured {self.name} as {value}")
        return Measurement(
            name=self.name,
            value=min(max(float(f"{value:.6g}"), self.low), self.high),
            unit=self.unit,
            low=self.low,
            high=self.high,
            better=self.better,
            measured_by=by.name,
            measured_by_version=by.version,
            detail=detail,
        )
