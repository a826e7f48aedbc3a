"""The interface of every check, and the scale of each of its numbers.

A new check is a class in a file of its own with a constant `Scale` for each number, and one line in
`imaging.measures.registry`. What its numbers mean, a gate or a merit, is set in `routing.scoring.criteria`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from imaging.measures.subject import Subject
from imaging.pixels import Mask
from schemas.scorecards import Direction, Measurement


class Named(Protocol):
    """The signature of a measurement. `version` changes whenever the same image would give another number."""

    @property
    def name(self) -> str:
        """The value of `Measurement.measured_by`."""

    @property
    def version(self) -> str:
        """The version of the formulas, constants and models."""

    @property
    def scales(self) -> tuple[Scale, ...]:
        """All scales on which this check can measure, for documentation and tests; their names are unique."""


class Check(Named, Protocol):
    """Measures one image."""

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """Measure an image.

        It is pure: the same subject gives the same numbers, in any thread or process, and stays as it is. It raises
        nothing for any decodable image, however small, flat or noisy.

        Args:
            subject: The image, BGR, at least 16 pixels a side, with what it should show. Its conversions to other
                sizes and colour spaces are made once for all checks, so ask it for them. Those of a narrow strip may
                be one pixel high.

        Returns:
            At most one measurement for each of `scales`, made by `Scale.reading`. What cannot be measured of this
            subject is left out, never estimated.
        """


class DriftCheck(Named, Protocol):
    """Measures a refinement beside its candidate."""

    def measure(self, refinement: Subject, candidate: Subject, kept: Mask | None = None) -> tuple[Measurement, ...]:
        """Measure how far a refinement left its candidate. It is as pure as `Check.measure`, and raises as little.

        Args:
            refinement: The image that was made, with its regions, its palette and its format.
            candidate: The image that it was made from; of another size, maybe of another format.
            kept: True where the image was to be kept, of the refinement's format but of any size; None: all of it.

        Returns:
            At most one measurement for each of `scales`. What cannot be compared is left out.
        """


@dataclass(frozen=True, slots=True)
class Scale:
    """The name of a number, its unit, its range (`low` to `high`) and which way is better.

    `better` is "higher", "lower", or "none" if neither is, such as where the best value is in the middle.
    """

    name: str
    unit: str
    low: float
    high: float
    better: Direction

    def reading(self, value: float, by: Named, detail: str = "") -> Measurement:
        """A measurement on this scale.

        Args:
            value: The number in the scale's unit; one beyond the range, as rounding gives, is clamped into it.
            by: The check that signs it.
            detail: What a person should know of it, such as the place of the worst spot.

        Returns:
            The measurement, to six significant digits.

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
