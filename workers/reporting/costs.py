"""What a run cost in money and in model time, and what the same images would have cost with the flagship alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from schemas.briefs import Brief
from schemas.failures import JobFailure
from schemas.generations import GenerationRecord
from schemas.refinements import Refinement


def cost_usd(generations: Iterable[GenerationRecord], failures: Iterable[JobFailure]) -> float:
    """US dollars spent: the price of every distinct generation, and the cost of failed jobs."""
    return sum(made.price_usd for made in generations) + sum(failure.spent_usd for failure in failures)


def model_seconds(generations: Iterable[GenerationRecord]) -> float:
    """Seconds from request to image, over every distinct generation; generations that ran in parallel all count."""
    return sum(made.seconds for made in generations)


def refine_prices(refinements: Iterable[Refinement]) -> dict[str, float]:
    """The mean measured price (US dollars) of a refinement, by the requested model."""
    return _mean_by_model(refinements, lambda record: record.price_usd)


def refine_seconds(refinements: Iterable[Refinement]) -> dict[str, float]:
    """The mean measured seconds of a refinement, by the requested model."""
    return _mean_by_model(refinements, lambda record: record.seconds)


def _mean_by_model(refinements: Iterable[Refinement], value: Callable[[GenerationRecord], float]) -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for made in refinements:
        found.setdefault(made.job.request.model, []).append(value(made.generation))
    return {model: sum(values) / len(values) for model, values in found.items()}


def flagship_images(brief: Brief, drafts: int, refinements: Iterable[Refinement]) -> int:
    """How many images `brief` would have asked of its refine model if that model had also made the drafts.

    Each of the `drafts` would be a flagship image, and the promoted ones would need no refinement in their own format.
    So the number is: drafts + distinct pairs of candidate and other format. Second attempts after a drift do not count:
    without a handover nothing drifts.
    """
    others = {
        (made.job.candidate_id, made.job.form.name)
        for made in refinements
        if made.job.form.name != brief.draft_format.name
    }
    return drafts + len(others)


def flagship_only_usd(brief: Brief, drafts: int, refinements: Iterable[Refinement], prices: dict[str, float]) -> float:
    """What `flagship_images` would have cost in US dollars at the mean price of a refinement in this run.

    A model that this run did not measure counts with the price in the brief's plan.
    """
    price = prices.get(brief.plan.refine_model, brief.refine_usd)
    return flagship_images(brief, drafts, refinements) * price


def flagship_only_seconds(
    brief: Brief, drafts: int, refinements: Iterable[Refinement], seconds: dict[str, float]
) -> float:
    """Seconds that `flagship_images` would have taken at the mean of this run; 0 where none was measured."""
    return flagship_images(brief, drafts, refinements) * seconds.get(brief.plan.refine_model, 0.0)
