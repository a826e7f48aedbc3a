"""How long models worked in a run, and how long the flagship alone would have."""

from __future__ import annotations

from collections.abc import Iterable

from schemas.briefs import Brief
from schemas.generations import GenerationRecord
from schemas.refinements import Refinement
from workers.reporting.money import flagship_images


def model_seconds(generations: Iterable[GenerationRecord]) -> float:
    """Seconds from request to image, over every distinct generation; those that ran side by side all count."""
    return sum(made.seconds for made in generations)


def refine_seconds(refinements: Iterable[Refinement]) -> dict[str, float]:
    """The mean measured seconds of a refinement, by the model that was asked."""
    times: dict[str, list[float]] = {}
    for made in refinements:
        times.setdefault(made.job.request.model, []).append(made.generation.seconds)
    return {model: sum(taken) / len(taken) for model, taken in times.items()}


def flagship_only_seconds(
    brief: Brief, drafts: int, refinements: Iterable[Refinement], seconds: dict[str, float]
) -> float:
    """Seconds that `flagship_images` would have taken at the mean of this run; 0 where none was measured."""
    return flagship_images(brief, drafts, refinements) * seconds.get(brief.plan.refine_model, 0.0)
