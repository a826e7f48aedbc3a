"""From two golden runs to a calibration, with all that speaks for and against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from routing.calibration_comparison import LEVEL, acceptance, compare
from routing.calibration_equating import NEVER, equate, equated, may_be_equated, moved_limits
from routing.calibration_words import emphasis_for, in_words
from schemas.calibration import Calibration, CalibrationReport, Comparison, Equating, Verdict
from schemas.golden import GoldenRun
from schemas.scorecards import Scorecard

RESTORED: Final = 0.05
"""How near the share of accepted pictures must come to that of before."""
STRENGTHS: Final = (1.0, 0.75, 0.5, 0.35)
"""What a gentler flagship is tried at, times the handover's strength; below a third a refinement adds nothing."""


def propose(
    before: GoldenRun,
    after: GoldenRun,
    bar: float,
    now: datetime,
    *,
    base: Calibration | None = None,
    seed: int = 0,
) -> CalibrationReport:
    """The calibration of the later run's version against the earlier run's, numbered 1 until it is kept.

    `base` holds what was decided elsewhere: a strength that a sweep found, a dialect, a canary. `seed` is that of the
    permutation test.

    Raises:
        ValueError: the runs are of different golden sets, or share no brief.
    """
    if before.golden != after.golden:
        raise ValueError(f"{before.golden} and {after.golden} are different golden sets: run one of them on both")
    comparisons = compare(before.cards, after.cards, bar, seed=seed)
    moved = [comparison for comparison in comparisons if comparison.moved]
    calibration = Calibration(model=after.model, version=after.version)
    if base is not None:
        kept = {"model": after.model, "version": after.version, "equatings": ()}
        calibration = base.model_copy(update=kept)
    if moved:
        changes = {
            "equatings": _equatings(before.cards, after.cards, comparisons),
            "emphasis": emphasis_for([comparison for comparison in moved if _is_worse(comparison, after.cards)]),
        }
        calibration = calibration.model_copy(update=changes)
    under = [equated(card, calibration) for card in after.cards]
    accepted = (acceptance(before.cards, bar), acceptance(after.cards, bar), acceptance(under, bar))
    verdict = _verdict(moved, accepted, after.cards)
    limits = moved_limits(calibration.equatings)
    return CalibrationReport(
        calibration=calibration,
        against=before.version,
        golden=after.golden,
        pictures=len(after.cards),
        verdict=verdict,
        bar=bar,
        accepted_before=accepted[0],
        accepted_after=accepted[1],
        accepted_calibrated=accepted[2],
        comparisons=comparisons,
        limits=limits,
        words=in_words(calibration, before.version, verdict, comparisons, limits, accepted),
        spent_usd=after.spent_usd,
        made_at=now,
    )


def choose_strength(before: Sequence[Scorecard], after: Mapping[float, Sequence[Scorecard]], bar: float) -> float:
    """The greatest share of the usual strength at which refinements drift no more than those of `before` did.

    `after` are the runs of the later version by share. Where none keeps to it, the gentlest.

    Raises:
        ValueError: `after` is empty.
    """
    wanted = acceptance(before, bar) - RESTORED
    enough = [share for share, cards in after.items() if acceptance(cards, bar) >= wanted]
    return max(enough) if enough else min(after)


def _equatings(
    before: Sequence[Scorecard], after: Sequence[Scorecard], comparisons: Sequence[Comparison]
) -> tuple[Equating, ...]:
    """Whatever surely changed is equated, however little, once anything changed enough to be seen."""
    sure = [c.measurement for c in comparisons if c.p_adjusted <= LEVEL and may_be_equated(c.measurement)]
    return tuple(equate(name, _values(before, name), _values(after, name)) for name in sure)


def _values(cards: Sequence[Scorecard], name: str) -> list[float]:
    return [value for card in cards if (value := card.value(name)) is not None]


def _is_worse(comparison: Comparison, cards: Sequence[Scorecard]) -> bool:
    """Whether the change is to the worse; where neither way is better, a fall of brightness and the like counts."""
    better = {m.name: m.better for card in cards for m in (*card.measurements, *card.drift)}
    way = better.get(comparison.measurement, "higher")
    return comparison.delta > 0 if way == "lower" else comparison.delta < 0


def _verdict(
    moved: Sequence[Comparison], accepted: tuple[float, float, float], after: Sequence[Scorecard]
) -> Verdict:
    if not moved:
        return "same"
    before, _, under = accepted
    never = [c for c in moved if c.measurement in NEVER and _is_worse(c, after)]
    return "beyond-repair" if never or under < before - RESTORED else "recalibrated"
