"""The verdict on a refinement: is it still the image that was promoted, and can it be published?"""

from __future__ import annotations

from typing import Final

from routing.scoring.drift_limits import (
    PUBLICATION_LIMITS,
    SIMILARITY_LIMITS,
    AppliedEdit,
    DriftLimits,
    Limit,
    limits_for,
)
from schemas.campaigns import DriftPolicy
from schemas.generations import EditTarget, Operation
from schemas.refinements import DriftVerdict
from schemas.scorecards import Measurement, Scorecard

DEFAULT_LIMITS: Final[DriftLimits] = (*SIMILARITY_LIMITS, *PUBLICATION_LIMITS)
"""Limits of an image-to-image handover or an upscale, if the campaign sets none."""
USUAL: Final = DriftPolicy()
NOT_COMPARED: Final = "drift.not_compared"


def drift_verdict(
    card: Scorecard,
    policy: DriftPolicy = USUAL,
    operation: Operation = "image-to-image",
    edit: EditTarget | None = None,
    *,
    after: AppliedEdit | None = None,
) -> DriftVerdict:
    """Judge a refinement by the limits of its campaign.

    What was not measured (another format, unknown text) breaks no limit. A number from another model than the one that
    a limit is for breaks none either; the verdict says so.

    Args:
        card: the scorecard of the refinement.
        policy: the campaign's limits.
        operation: the operation that made it.
        edit: what a masked edit changed; None for other operations.
        after: what had been done to the candidate before, if this was made from an earlier refinement.

    Returns:
        The verdict, with the broken limits.

    Raises:
        ValueError: the card is a draft's, or it has no comparison.
    """
    if card.subject != "refinement" or not (card.drift or edit or operation == "text-to-image"):
        raise ValueError(f"{card.job_id} is no refinement that was compared with its candidate")
    measured = {found.name: found for found in (*card.drift, *card.measurements)}
    broken: dict[str, str] = {}
    unjudged: list[str] = []
    for limit in limits_for(policy, *((after,) if after else ()), (operation, edit)):
        found = measured.get(limit.name)
        if found is None:
            continue
        if not _same_scale(limit, found):
            unjudged.append(f"{limit.name} not judged: the limit is for {limit.measured_by}, not {found.measured_by}")
        elif (reason := limit.broken_by(found.value, found.detail)) is not None:
            broken[limit.name] = reason
    if NOT_COMPARED in measured:
        unjudged.append(f"not compared: {measured[NOT_COMPARED].detail}")
    reasons = tuple(broken.values()) or (_close(card), *unjudged)
    return DriftVerdict(job_id=card.job_id, passed=not broken, reasons=reasons, broken=tuple(broken))


def _same_scale(limit: Limit, found: Measurement) -> bool:
    return limit.measured_by is None or limit.measured_by == found.measured_by


def _close(card: Scorecard) -> str:
    """The comparison as a sentence, if every limit is kept."""
    structure, palette = card.value("drift.structure"), card.value("drift.palette")
    compared = "another format, compared by colour alone" if structure is None else f"SSIM {structure:.2f}"
    moved = "" if palette is None else f", palette ΔE {palette:.1f}"
    return f"still the image that was promoted: {compared}{moved}"
