"""From two golden runs to a calibration, with the evidence for and against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, TypeVar

from routing.calibration.comparison import LEVEL, acceptance, compare_versions
from routing.calibration.equating import SCORE, equate, may_be_equated, moved_limits, scored
from routing.calibration.report_text import emphasis_for, report_sentences, run_notes
from routing.scoring.score import overall
from schemas.calibration import Calibration, CalibrationReport, CalibrationVerdict, Equating, MeasurementChange
from schemas.golden import GoldenRun
from schemas.scorecards import Scorecard

K = TypeVar("K")

RESTORED: Final = 0.05
"""How near the share of accepted images must be to that of the earlier version."""
STRENGTHS: Final = (1.0, 0.75, 0.5, 0.35)
"""Factors on the handover's strength at which a later flagship is tried; below a third a refinement adds nothing."""


def propose(
    before: GoldenRun,
    after: GoldenRun,
    bar: float,
    now: datetime,
    *,
    base: Calibration | None = None,
    seed: int = 0,
) -> CalibrationReport:
    """The calibration of the later run's version against the earlier run's, numbered 1 until it is stored.

    Args:
        before: the golden run of the earlier version.
        after: the golden run of the later version.
        bar: the score from which a draft counts as accepted, 0 to 1.
        now: the current time.
        base: what the later run was made with, and what was decided elsewhere: dialect, emphasis, a strength that a
            sweep
            found, a canary.
        seed: seed of the permutation test.

    Raises:
        ValueError: the runs are of different golden sets, or have no brief in common.
    """
    if before.golden != after.golden:
        raise ValueError(f"{before.golden} and {after.golden} are different golden sets: run one of them on both")
    comparisons = compare_versions(before.cards, after.cards, bar, seed=seed)
    moved = [comparison for comparison in comparisons if comparison.moved]
    calibration = Calibration(model=after.model, version=after.version)
    if base is not None:
        kept = {"model": after.model, "version": after.version, "equatings": ()}
        calibration = base.model_copy(update=kept)
    if moved:
        equatings = _equatings(before.cards, after.cards, comparisons, calibration)
        calibration = calibration.model_copy(update={"equatings": equatings})
    accepted = (
        acceptance(before.cards, bar), acceptance(after.cards, bar), acceptance(after.cards, bar, calibration),
    )  # fmt: skip
    verdict = _verdict(moved, accepted, len(after.cards))
    limits = moved_limits(calibration.equatings)
    return CalibrationReport(
        calibration=calibration,
        against=before.version,
        golden=after.golden,
        pictures=len(after.cards),
        failed=after.failed,
        verdict=verdict,
        bar=bar,
        accepted_before=accepted[0],
        accepted_after=accepted[1],
        accepted_calibrated=accepted[2],
        comparisons=comparisons,
        limits=limits,
        words=(
            *report_sentences(calibration, before.version, verdict, comparisons, limits, accepted),
            *run_notes(after),
        ),
        spent_usd=after.spent_usd,
        made_at=now,
    )


def suggested_emphasis(report: CalibrationReport, after: Sequence[Scorecard]) -> tuple[str, ...]:
    """Sentences that a prompt could gain against what became worse; only a further run shows whether they help."""
    worse = [c for c in report.comparisons if c.moved and _is_worse(c, after)]
    return emphasis_for(worse)


def choose_better(usual: GoldenRun, others: Mapping[K, GoldenRun], bar: float, seed: int = 0) -> K | None:
    """The run in other words that scores significantly and visibly higher than `usual`, and most; None if none does."""
    best: K | None = None
    most = 0.0
    for name, run in others.items():
        score = next(c for c in compare_versions(usual.cards, run.cards, bar, seed=seed) if c.measurement == SCORE)
        if score.moved and score.delta > most:
            best, most = name, score.delta
    return best


def choose_strength(before: Sequence[Scorecard], after: Mapping[float, Sequence[Scorecard]], bar: float) -> float:
    """The greatest strength factor at which refinements drift no more than those of `before` did.

    `after` are the runs of the later version by factor. If none keeps to it, the smallest factor.

    Raises:
        ValueError: `after` is empty.
    """
    wanted = acceptance(before, bar) - RESTORED
    enough = [share for share, cards in after.items() if acceptance(cards, bar) >= wanted]
    return max(enough) if enough else min(after)


def _equatings(
    before: Sequence[Scorecard],
    after: Sequence[Scorecard],
    comparisons: Sequence[MeasurementChange],
    calibration: Calibration,
) -> tuple[Equating, ...]:
    """Equate every significant change, however small, once anything changed visibly; the score last."""
    sure = [c.measurement for c in comparisons if c.p_adjusted <= LEVEL and may_be_equated(c.measurement)]
    by_one = tuple(equate(name, _values(before, name), _values(after, name)) for name in sure)
    drafts = [card for card in after if card.subject == "draft"]
    if not by_one or not drafts:
        return by_one
    under = calibration.model_copy(update={"equatings": by_one})
    whole = equate(SCORE, [overall(card).value for card in before], [scored(card, under).value for card in drafts])
    return (*by_one, whole)


def _values(cards: Sequence[Scorecard], name: str) -> list[float]:
    return [value for card in cards if (value := card.value(name)) is not None]


def _is_worse(comparison: MeasurementChange, cards: Sequence[Scorecard]) -> bool:
    """Whether the change is for the worse; if neither direction is better, a fall counts as worse."""
    better = {m.name: m.better for card in cards for m in (*card.measurements, *card.drift)}
    way = better.get(comparison.measurement, "higher")
    return comparison.delta > 0 if way == "lower" else comparison.delta < 0


def _verdict(
    moved: Sequence[MeasurementChange], accepted: tuple[float, float, float], images: int
) -> CalibrationVerdict:
    """One image more or less decides nothing, if that is above five points."""
    if not moved:
        return "same"
    before, _, under = accepted
    missing = before - under
    return "recalibrated" if missing <= max(RESTORED, 1 / images) + 1e-9 else "beyond-repair"
