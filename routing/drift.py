"""The verdict on a refinement: is it still the picture that won, and can it still be read?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from schemas.refinements import DriftVerdict
from schemas.scorecards import Scorecard


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound on one measurement: at least `minimum`, at most `maximum`; `reason` has ``{value}`` and ``{limit}``."""

    name: str
    reason: str
    minimum: float = float("-inf")
    maximum: float = float("inf")

    def broken_by(self, value: float) -> str | None:
        """The reason in words where `value` is out of bounds."""
        if self.minimum <= value <= self.maximum:
            return None
        return self.reason.format(value=value, limit=self.minimum if value < self.minimum else self.maximum)


DriftLimits = tuple[Limit, ...]

DEFAULT_LIMITS: Final[DriftLimits] = (
    Limit("drift.structure", "the structure changed: SSIM {value:.2f}, {limit:.2f} needed", minimum=0.7),
    Limit("drift.layout", "the layout moved: {value:.0%} of the detail, {limit:.0%} allowed", maximum=0.15),
    Limit("drift.colour_places", "colours changed in place: ΔE {value:.1f}, {limit:.1f} allowed", maximum=8.0),
    Limit("drift.palette", "the palette changed: ΔE {value:.1f}, {limit:.1f} allowed", maximum=15.0),
    Limit(
        "drift.brand_coverage", "brand colours lost: {value:+.0%} of the picture, {limit:+.0%} at most", minimum=-0.3,
    ),
    Limit("text.contrast", "the weakest text has {value:.1f}:1 now, {limit:.1f}:1 needed", minimum=3.0),
    Limit("text.inside_safe_area", "text leaves the safe area: {value:.0%} of it inside", minimum=0.98),
)  # fmt: skip
"""Between what the composer's refinements of 150 drafts measured and what other scenes of the same brand did.

Same scene, same format: SSIM 0.95 to 0.99, layout up to 2 %, colours in place up to 1.3, brand colour down 3 % at
most. Same scene in another format: palette up to 13.3, brand colour down 25 % at most. Other scenes, median (nearest):
SSIM 0.3 (0.82), layout 48 % (9 %), colours in place 30 (4.4), palette 26 (2.6).
"""


def judge_drift(card: Scorecard, limits: DriftLimits = DEFAULT_LIMITS) -> DriftVerdict:
    """The verdict on the refinement of `card`. What was not measured (another format, unknown text) breaks no limit.

    Raises:
        ValueError: the card is a draft's, or compares nothing: a verdict needs a comparison.
    """
    if card.subject != "refinement" or not card.drift:
        raise ValueError(f"{card.job_id} is no refinement that was compared with its candidate")
    measured = ((limit, card.value(limit.name)) for limit in limits)
    broken = [limit.broken_by(value) for limit, value in measured if value is not None]
    reasons = tuple(reason for reason in broken if reason is not None)
    return DriftVerdict(job_id=card.job_id, passed=not reasons, reasons=reasons or (_close(card),))


def _close(card: Scorecard) -> str:
    """The comparison in words, where every limit is kept."""
    structure, palette = card.value("drift.structure"), card.value("drift.palette")
    compared = "another format, compared by colour alone" if structure is None else f"SSIM {structure:.2f}"
    moved = "" if palette is None else f", palette ΔE {palette:.1f}"
    return f"still the picture that won: {compared}{moved}"
