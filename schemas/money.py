"""The money of a campaign: the postings of its accounts, and payments for attempts that produced no image."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from schemas.base import Dollars, Event, Identifier, Instant, Model

PostingNumber = Annotated[int, Field(ge=0)]


class Claim(Model):
    """What a brief holds of an account.

    While the brief is open, `usd` is what it may spend, including what it has spent. Once `settled` it is what it has
    spent, and `in_flight_usd` of it is for jobs that were in flight when it ended: they may still be paid.
    """

    usd: Dollars
    in_flight_usd: Dollars = 0.0
    settled: bool = False


class Posting(Event):
    """One line of an account: what `brief_id` holds of it from here on.

    `number` is its place, without gaps. `total_usd` is the sum of the claims of all briefs, including this one; `by`
    says who wrote it, so that no two postings are equal.
    """

    number: PostingNumber
    brief_id: Identifier
    claim: Claim
    total_usd: Dollars
    by: str
    at: Instant


class Balance(Event):
    """An account after `postings` postings, so that no reader needs to read them again."""

    postings: PostingNumber = 0
    total_usd: Dollars = 0.0
    claims: dict[Identifier, Claim] = {}


class UnusedPayment(Event):
    """The cost of an attempt that produced no image."""

    job_id: Identifier
    brief_id: Identifier
    campaign_id: Identifier
    model: str
    usd: Dollars
    error: str
    reason: str
    at: Instant
