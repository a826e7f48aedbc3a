"""How routing applies a calibration: which model draws, how a card is read, how strongly a handover works."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from routing.calibration.equating import equated, scored
from routing.scoring.score import Score
from schemas.briefs import Brief
from schemas.calibration import Calibration
from schemas.generations import ModelCard
from schemas.identifiers import digest
from schemas.refinements import Handover
from schemas.scorecards import Scorecard

RETIREMENT_NOTICE: Final = timedelta(days=60)
"""How long before its retirement a model is warned about: within this time the campaigns of a quarter are planned."""
_POINTS: Final = 2**32


def calibration_for(calibrations: Iterable[Calibration], model: str) -> Calibration | None:
    """The calibration of `model` among `calibrations`; None if there is none."""
    return next((calibration for calibration in calibrations if calibration.model == model), None)


def calibrated_score(card: Scorecard, calibrations: Iterable[Calibration]) -> Score:
    """The score and gates of `card` on the scale that the calibration of its model keeps.

    A diagnosis and a report of faults read what was measured: `routing.scoring.score.overall`.
    """
    return scored(card, calibration_for(calibrations, card.model))


def calibrated_card(card: Scorecard, calibrations: Iterable[Calibration]) -> Scorecard:
    """The card of a refinement on the scale of the drift limits."""
    return equated(card, calibration_for(calibrations, card.model))


def model_for(brief: Brief, variant: int) -> str:
    """The model that draws `variant`: the plan's, or the canary of its calibration for the canary's share.

    The choice depends on brief and variant alone, so that a repeated job is the same job.
    """
    model = brief.plan.draft_model
    calibration = calibration_for(brief.calibrations, model)
    canary = calibration.canary if calibration is not None else None
    if canary is None:
        return model
    drawn = int(digest(("canary", canary.model, brief.brief_id, variant))[:8], 16) / _POINTS
    return canary.model if drawn < canary.share else model


def calibrated_handover(handover: Handover, calibrations: Iterable[Calibration], refine_model: str) -> Handover:
    """`handover` with its strength multiplied by the one that its model's calibration found."""
    calibration = calibration_for(calibrations, handover.model or refine_model)
    if calibration is None or handover.strength is None:
        return handover
    return handover.model_copy(update={"strength": round(handover.strength * calibration.strength, 3)})


def retirement_warning(card: ModelCard, now: datetime, notice: timedelta = RETIREMENT_NOTICE) -> str | None:
    """A warning about a model that its provider retires within `notice` or has retired; None if there is none."""
    if card.retires_at is None or card.retires_at - now > notice:
        return None
    day = f"{card.retires_at:%Y-%m-%d}"
    if card.retires_at <= now:
        return f"{card.name} was retired on {day}: name another model in the campaigns that use it"
    left = max(1, (card.retires_at - now).days)
    return (
        f"{card.name} retires on {day}, in {left} day{'s' * (left > 1)}: "
        "calibrate its successor now (brushfire calibrate MODEL@VERSION)"
    )
