"""What a run cost, and what the same images would have cost with the flagship alone."""

from __future__ import annotations

from collections.abc import Iterable

from schemas.briefs import Brief
from schemas.failures import JobFailure
from schemas.generations import GenerationRecord
from schemas.refinements import Refinement


def cost_usd(generations: Iterable[GenerationRecord], failures: Iterable[JobFailure]) -> float:
    """US dollars spent: the price of every distinct generation, and what the failures cost all the same."""
    return sum(made.price_usd for made in generations) + sum(failure.spent_usd for failure in failures)


def refine_prices(refinements: Iterable[Refinement]) -> dict[str, float]:
    """The mean measured price (US dollars) of a refinement, by the model that was asked."""
    prices: dict[str, list[float]] = {}
    for made in refinements:
        prices.setdefault(made.job.request.model, []).append(made.generation.price_usd)
    return {model: sum(paid) / len(paid) for model, paid in prices.items()}


def flagship_images(brief: Brief, drafts: int, refinements: Iterable[Refinement]) -> int:
    """How many images `brief` would have asked of its refine model had that model also explored.

    Each of the `drafts` would have been a flagship image, and the winners among them finished as they are;
    only their other formats would have come on top. So: drafts + distinct pairs of candidate and other
    format. Second attempts after a drift do not count, for without a handover there is none.
    """
    others = {
        (made.job.candidate_id, made.job.form.name)
        for made in refinements
        if made.job.form.name != brief.draft_format.name
    }
    return drafts + len(others)


def flagship_only_usd(brief: Brief, drafts: int, refinements: Iterable[Refinement], prices: dict[str, float]) -> float:
    """What `flagship_images` would have cost in US dollars at the mean price of a refinement in this run.

    A model that this run did not measure counts with the price that the brief's plan reckoned with.
    """
    price = prices.get(brief.plan.refine_model, brief.refine_usd)
    return flagship_images(brief, drafts, refinements) * price
