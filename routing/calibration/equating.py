"""Read a later version's measurements on the scale of an earlier one, so that limits and scores keep their meaning.

A draft is a proposal. What every refinement draws again and a handover corrects (light, colours, contrast of the copy,
faults of craft) need not count against a version that has it in all its drafts. What cannot be corrected or judged
keeps its measured value: nudity, text outside the safe area, a wrong logo, and everything beyond `REACH`. Refinements
are published, so of them only the drift is equated.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import fmean
from typing import Final

import numpy as np

from routing.scoring.criteria import CRITERIA, GATES
from routing.scoring.score import Score, overall
from schemas.calibration import Calibration, Equating, MovedLimit
from schemas.scorecards import Measurement, Scorecard

SCORE: Final = "score"
"""The name under which the score as a whole is compared and equated."""
LEVELS: Final = (0.05, 0.1, 0.25, 0.5, 0.75, 0.95)
"""The quantiles that are matched: few, because more would follow chance, and one at the acceptance bar."""
NEVER_EQUATED: Final = frozenset({"safety.nudity", "text.inside_safe_area", "logo.match", "novelty.published"})
"""What no calibration compensates."""
REACH: Final[Mapping[str, tuple[float, float]]] = {
    "text.contrast.headline": (2.0, 21.0),
    "text.contrast.line": (2.0, 21.0),
    "text.contrast.call_to_action": (2.0, 21.0),
    "text.contrast.legal": (1.5, 21.0),
    "brand_colour.coverage": (0.003, 1.0),
    "technical.edge_blur": (0.0, 3.5),
    "technical.clipped_shadows": (0.0, 0.6),
    "technical.clipped_highlights": (0.0, 0.6),
    "drift.structure": (0.6, 1.0),
    "drift.layout": (0.0, 0.25),
    "drift.colour_places": (0.0, 12.0),
    "drift.palette": (0.0, 20.0),
    "drift.brand_coverage": (-0.4, 1.0),
}
"""How bad a gated measurement may be, at worst and best, and still be compensated. Beyond it a draft cannot be judged
by eye (copy below 2:1), or a refinement is another image. Set by hand, a third to a half outside the limits of
`routing.scoring.criteria` and `routing.scoring.drift`."""


def equate(measurement: str, before: Sequence[float], after: Sequence[float]) -> Equating:
    """How `after`, values of the later version, are read on the scale of `before`: quantile by quantile.

    Raises:
        ValueError: either has no values.
    """
    if not len(before) or not len(after):
        raise ValueError(f"{measurement}: nothing to equate")
    levels = zip(np.quantile(after, LEVELS), np.quantile(before, LEVELS), strict=True)
    points: dict[float, list[float]] = {}
    for measured, read_as in levels:
        points.setdefault(round(float(measured), 6), []).append(float(read_as))
    low, high = REACH.get(measurement, (float("-1e9"), float("1e9")))
    # Equal quantiles of the later version are one point, read as their mean: points ascend strictly. Interpolation and
    # mean are rounded, so both are kept within the values that they come from.
    least, most = min(before), max(before)
    pairs = tuple((measured, min(max(fmean(read), least), most)) for measured, read in sorted(points.items()))
    return Equating(measurement=measurement, points=pairs, low=low, high=high)


def read_as(equating: Equating, value: float) -> float:
    """`value`, measured of the later version, on the scale of the earlier one."""
    if not equating.low <= value <= equating.high:
        return value
    (first, at_first), (last, at_last) = equating.points[0], equating.points[-1]
    if value <= first:
        return at_first + value - first
    if value >= last:
        return at_last + value - last
    (left, at_left), (right, at_right) = next(pair for pair in pairwise(equating.points) if value <= pair[1][0])
    return at_left + (at_right - at_left) * (value - left) / (right - left)


def equated(card: Scorecard, calibration: Calibration | None) -> Scorecard:
    """`card` as its score and gates are to be computed. The stored card keeps what was measured.

    Of a refinement only the drift is equated: what is published meets the limits as they are.
    """
    by_name = {e.measurement: e for e in calibration.equatings} if calibration is not None else {}
    if not by_name:
        return card
    changes: dict[str, object] = {"drift": _all_read(card.drift, by_name)}
    if card.subject == "draft":
        changes["measurements"] = _all_read(card.measurements, by_name)
    return card.model_copy(update=changes)


def scored(card: Scorecard, calibration: Calibration | None) -> Score:
    """The score of `card` under `calibration`: each measurement equated, then, for a draft, the score as a whole.

    Measurements that are equated one by one still combine differently, so the score may keep a difference; it has an
    equating of its own.
    """
    score = overall(equated(card, calibration))
    equatings = calibration.equatings if calibration is not None and card.subject == "draft" else ()
    whole = next((e for e in equatings if e.measurement == SCORE), None)
    return score if whole is None else replace(score, value=min(1.0, max(0.0, read_as(whole, score.value))))


def moved_limits(equatings: Sequence[Equating]) -> tuple[MovedLimit, ...]:
    """The gates of equated measurements as they apply to the later version's images: the limit before and after."""
    limits: list[MovedLimit] = []
    for equating in equatings:
        gate = GATES.get(equating.measurement)
        if gate is None:
            continue
        if gate.minimum != float("-inf"):
            after = max(_measured_as(equating, gate.minimum), equating.low)
            limits.append(MovedLimit(measurement=equating.measurement, side="least", before=gate.minimum, after=after))
        if gate.maximum != float("inf"):
            after = min(_measured_as(equating, gate.maximum), equating.high)
            limits.append(MovedLimit(measurement=equating.measurement, side="most", before=gate.maximum, after=after))
    return tuple(limits)


def may_be_equated(measurement: str) -> bool:
    """Whether a calibration can compensate a change of `measurement`."""
    known = measurement in CRITERIA or measurement in GATES or measurement in REACH
    return known and measurement not in NEVER_EQUATED


def _all_read(measurements: Sequence[Measurement], by_name: Mapping[str, Equating]) -> tuple[Measurement, ...]:
    return tuple(_read(m, by_name[m.name]) if m.name in by_name else m for m in measurements)


def _read(measurement: Measurement, equating: Equating) -> Measurement:
    value = min(max(read_as(equating, measurement.value), measurement.low), measurement.high)
    return measurement.model_copy(update={"value": value})


def _measured_as(equating: Equating, read: float) -> float:
    """The measured value that is read as `read`: the inverse of `read_as`."""
    measured = [point[0] for point in equating.points]
    reads = [point[1] for point in equating.points]
    if read <= reads[0]:
        return measured[0] + read - reads[0]
    if read >= reads[-1]:
        return measured[-1] + read - reads[-1]
    right = bisect_left(reads, read)
    share = (read - reads[right - 1]) / (reads[right] - reads[right - 1])
    return measured[right - 1] + share * (measured[right] - measured[right - 1])
