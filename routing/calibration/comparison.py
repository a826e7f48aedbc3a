"""Two versions of a model on the same briefs: which measurements changed, with which significance and size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from routing.calibration.equating import SCORE, equated, scored
from routing.calibration.statistics import PERMUTATIONS, FloatMatrix, Pooled, deltas, holm, shift_p
from routing.scoring.criteria import CRITERIA, GATES
from routing.scoring.drift import drift_verdict
from routing.scoring.score import overall
from schemas.calibration import Calibration, Effect, MeasurementChange
from schemas.scorecards import Scorecard

LEVEL: Final = 0.01
"""The probability of any false finding about two equal versions: the golden set is run at each release, not once."""
VISIBLE_DELTA: Final = 0.33
"""A medium effect (Romano et al., 2006): two images in three are on the same side. A smaller change is not visible."""
VISIBLE_ACCEPTED_DELTA: Final = 0.1
"""For the share of accepted images, where delta is the plain difference: one image in ten."""
EFFECTS: Final[tuple[tuple[float, Effect], ...]] = ((0.147, "negligible"), (0.33, "small"), (0.474, "medium"))
"""Upper bounds of the sizes of Cliff's delta, after Romano et al. (2006)."""

ACCEPTED: Final = "accepted"
_BAR_SHARE: Final = 0.1


def bar_of(cards: Sequence[Scorecard]) -> float:
    """The score from which a draft counts as accepted: nine in ten of the `cards` that pass every gate reach it.

    Raises:
        ValueError: no card passes every gate.
    """
    scores = [overall(card) for card in cards]
    passed = [score.value for score in scores if not score.gates]
    if not passed:
        raise ValueError("no image of the earlier version passes every gate: there is nothing to keep to")
    return float(np.quantile(passed, _BAR_SHARE))


def accepts(card: Scorecard, bar: float, calibration: Calibration | None = None) -> bool:
    """Whether `card` passes: a refinement its drift limits, a draft every gate and the score `bar`."""
    if card.subject == "refinement":
        return drift_verdict(equated(card, calibration)).passed
    score = scored(card, calibration)
    return not score.gates and score.value >= bar


def acceptance(cards: Sequence[Scorecard], bar: float, calibration: Calibration | None = None) -> float:
    """The share of `cards` that is accepted under `calibration`, 0 to 1; 0 if there are no cards."""
    return sum(accepts(card, bar, calibration) for card in cards) / len(cards) if cards else 0.0


def compare_versions(
    before: Sequence[Scorecard],
    after: Sequence[Scorecard],
    bar: float,
    *,
    seed: int = 0,
    permutations: int = PERMUTATIONS,
) -> tuple[MeasurementChange, ...]:
    """Compare the later version's images with the earlier one's: score, acceptance, criteria, gates and drift.

    Args:
        before: scorecards of the earlier version.
        after: scorecards of the later version, on the same briefs.
        bar: the score from which a draft counts as accepted, 0 to 1.
        seed: seed of the permutation test.
        permutations: how many permutations the test draws.

    Raises:
        ValueError: the two have no brief in common, so nothing can be compared.
    """
    names = measurements_of([*before, *after])
    pooled = _pooled(before, after, names, bar)
    if not pooled.blocks():
        raise ValueError("the versions have no brief in common; run the same golden set on both")
    p_values = shift_p(pooled, seed, permutations)
    adjusted = holm([float(p) for p in p_values])
    delta, low, high = deltas(pooled)
    middles = [_middles(pooled.values[rows], names) for rows in (~pooled.later, pooled.later)]
    return tuple(
        MeasurementChange(
            measurement=name,
            before=middles[0][n],
            after=middles[1][n],
            delta=float(delta[n]),
            low=float(low[n]),
            high=float(high[n]),
            effect=effect_of(float(delta[n])),
            p=float(p_values[n]),
            p_adjusted=adjusted[n],
            moved=adjusted[n] <= LEVEL and abs(float(delta[n])) >= _visible_delta(name),
        )
        for n, name in enumerate(names)
    )


def effect_of(delta: float) -> Effect:
    """The size of a Cliff's delta as a word."""
    return next((word for bound, word in EFFECTS if abs(delta) < bound), "large")


def measurements_of(cards: Sequence[Scorecard]) -> tuple[str, ...]:
    """What is compared: score, acceptance, and each criterion, gate and drift that any card measured."""
    measured = {m.name for card in cards for m in (*card.measurements, *card.drift)}
    drift = sorted(name for name in measured if name.startswith("drift."))
    counted = [name for name in dict.fromkeys((*CRITERIA, *GATES)) if name in measured]
    return (SCORE, ACCEPTED, *counted, *drift)


def _middles(values: FloatMatrix, names: Sequence[str]) -> list[float]:
    """The median of each measurement, and the share of accepted images; 0 if a version has no values."""
    known = [column[~np.isnan(column)] for column in values.T]
    return [
        float((np.mean if name == ACCEPTED else np.median)(column)) if len(column) else 0.0
        for name, column in zip(names, known, strict=True)
    ]


def _visible_delta(name: str) -> float:
    return VISIBLE_ACCEPTED_DELTA if name == ACCEPTED else VISIBLE_DELTA


def _pooled(before: Sequence[Scorecard], after: Sequence[Scorecard], names: Sequence[str], bar: float) -> Pooled:
    cards = (*before, *after)
    strata = {brief: n for n, brief in enumerate(dict.fromkeys(card.brief_id for card in cards))}
    rows = [_row(card, names, bar) for card in cards]
    return Pooled(
        values=np.array(rows, dtype=np.float64).reshape(len(rows), len(names)),
        later=np.arange(len(cards)) >= len(before),
        strata=np.array([strata[card.brief_id] for card in cards], dtype=np.int64),
    )


def _row(card: Scorecard, names: Sequence[str], bar: float) -> list[float]:
    known = {m.name: m.value for m in (*card.measurements, *card.drift)}
    known |= {SCORE: overall(card).value, ACCEPTED: float(accepts(card, bar))}
    return [known.get(name, float("nan")) for name in names]
