"""The one terminal state of a signal and of a brief."""

from __future__ import annotations

from typing import Literal

from schemas.base import Dollars, Event, Identifier, Instant, Market
from schemas.safety import Verdict

SignalOutcomeName = Literal["ignored", "blocked", "duplicate", "expired", "briefed", "held"]
BriefOutcomeName = Literal["delivered", "rejected", "expired", "failed"]


class SignalOutcome(Event):
    """How a signal ended, and why. `held` waits for a person; the others are final."""

    signal_id: Identifier
    name: SignalOutcomeName
    reason: str
    topic: str
    market: Market
    briefs: tuple[Identifier, ...] = ()
    verdict: Verdict | None = None
    decided_at: Instant


class BriefOutcome(Event):
    """How a brief ended, and why, with the assets that it delivered and the money that it spent."""

    brief_id: Identifier
    signal_id: Identifier
    campaign_id: Identifier
    name: BriefOutcomeName
    reason: str
    assets: tuple[Identifier, ...] = ()
    drafts: int
    promoted: int
    refined: int
    spent_usd: Dollars
    decided_at: Instant
