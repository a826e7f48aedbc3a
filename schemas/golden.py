"""A golden set: briefs whose outcome a brand accepted, to be drawn again by every new version of a model."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from schemas.assets import Manifest
from schemas.base import Dollars, Event, Identifier, Instant, Model
from schemas.briefs import Brief
from schemas.calibration import Version
from schemas.identifiers import digest
from schemas.scorecards import Scorecard


class GoldenItem(Model):
    """One brief and how many drafts of it a run draws; `manifest` records what was accepted of it, if that is known."""

    brief: Brief
    drafts: Annotated[int, Field(ge=1, le=200)]
    manifest: Manifest | None = None


class GoldenSet(Model):
    """The golden briefs of one or more campaigns."""

    items: Annotated[tuple[GoldenItem, ...], Field(min_length=1)]

    @property
    def golden_id(self) -> str:
        """A digest of its briefs and counts: two runs can be compared if it is the same."""
        return "gld-" + digest(f"{item.brief.brief_id}/{item.drafts}" for item in self.items)

    @property
    def drafts(self) -> int:
        """Images of one run."""
        return sum(item.drafts for item in self.items)


class GoldenRun(Event):
    """The scorecards of one version on a golden set.

    `failed` are the images that were not made, by reason; `answered` are the versions that the model itself reported.
    """

    model: Identifier
    version: Version
    golden: Identifier
    cards: tuple[Scorecard, ...]
    failed: dict[str, int] = {}
    answered: tuple[str, ...] = ()
    spent_usd: Dollars = 0.0
    made_at: Instant
