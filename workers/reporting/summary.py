"""The figures of a run, as the last line of `brushfire run --json` prints them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from schemas.base import Dollars, Model

Count = Annotated[int, Field(ge=0)]


class RejectedInput(Model):
    """An entry of a feed that could not be read: which file, where in it, and why."""

    file: str
    place: str
    reason: str


class RunSummary(Model):
    """The figures of a run.

    `outcomes` are those of the signals; they add up to `signals` once the run is complete. `refined` counts
    refinements, one a format and attempt. `flagship_only_usd` is what `workers.reporting.money` reckons;
    `wall_s` is in seconds. `rejected_inputs` and `dead_letters` are counts, `problems` are sentences.
    """

    signals: Count
    outcomes: dict[str, Count]
    briefs: Count
    brief_outcomes: dict[str, Count]
    drafts: Count
    promoted: Count
    refined: Count
    assets: Count
    cost_usd: Dollars
    flagship_only_usd: Dollars
    wall_s: Annotated[float, Field(ge=0.0)]
    rejected_inputs: Count = 0
    dead_letters: Count = 0
    problems: tuple[str, ...] = ()
