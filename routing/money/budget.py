"""Budgets: accounts from which briefs claim money, and the decision whether there is enough of it.

An account is the fold of its postings. A decision returns the posting to be written next. It is valid if it is written
at the number it names; if another posting is there already, the decision is made again. So any number of processes can
share an account if they agree on the order of postings alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from schemas.money import Balance, Claim, Posting

TOLERANCE_USD: Final = 1e-9
"""Sums of floating point numbers may be off by this much; the cheapest images cost some 1e-7."""
_DIGITS: Final = 7


@dataclass(frozen=True, slots=True)
class Denied:
    """The money is not enough: `needed_usd` more are wanted where `given_usd` of `limit_usd` are held or spent."""

    needed_usd: float
    given_usd: float
    limit_usd: float

    @property
    def enough_usd(self) -> float:
        """The least limit that would be enough now, rounded up."""
        return math.ceil(round((self.given_usd + self.needed_usd) * 10**_DIGITS, 3)) / 10**_DIGITS


class Account:
    """An account as far as its postings are known."""

    def __init__(self, balance: Balance | None = None) -> None:
        start = balance or Balance()
        self.postings = start.postings
        self.total_usd = start.total_usd
        self.claims = dict(start.claims)

    def post(self, posting: Posting) -> None:
        """Apply the next posting.

        Raises:
            ValueError: it is not the next one.
        """
        if posting.number != self.postings:
            raise ValueError(f"posting {posting.number} does not follow {self.postings - 1}")
        self.postings += 1
        self.total_usd = posting.total_usd
        self.claims[posting.brief_id] = posting.claim

    def balance(self) -> Balance:
        """The account as a value."""
        return Balance(postings=self.postings, total_usd=self.total_usd, claims=dict(self.claims))

    def forget_settled(self, kept: int) -> None:
        """Forget the ended briefs except the last `kept`; the total keeps what they spent."""
        ended = [brief_id for brief_id, claim in self.claims.items() if claim.settled]
        for brief_id in ended[: max(0, len(ended) - kept)]:
            del self.claims[brief_id]

    def claim_of(self, brief_id: str) -> Claim:
        """What the brief holds of the account; nothing if it is unknown."""
        return self.claims.get(brief_id) or Claim(usd=0.0)


def reserve(
    account: Account, brief_id: str, usd: float, limit_usd: float, *, now: datetime, by: str
) -> Posting | Denied | None:
    """The posting that raises the claim of `brief_id` to `usd`; None if it is as high, or the brief has ended."""
    claim = account.claim_of(brief_id)
    if claim.settled or (brief_id in account.claims and usd <= claim.usd + TOLERANCE_USD):
        return None
    more = usd - claim.usd
    if account.total_usd + more > limit_usd + TOLERANCE_USD:
        return Denied(needed_usd=more, given_usd=account.total_usd, limit_usd=limit_usd)
    return _posting(account, brief_id, Claim(usd=usd), now, by)


def add(
    account: Account, brief_id: str, usd: float, brief_limit_usd: float, limit_usd: float, *, now: datetime, by: str
) -> Posting | Denied:
    """The posting that raises an open claim by `usd`, within the brief's own limit and that of the account."""
    claim = account.claim_of(brief_id)
    if claim.settled or claim.usd + usd > brief_limit_usd + TOLERANCE_USD:
        return Denied(needed_usd=usd, given_usd=claim.usd, limit_usd=brief_limit_usd)
    if account.total_usd + usd > limit_usd + TOLERANCE_USD:
        return Denied(needed_usd=usd, given_usd=account.total_usd, limit_usd=limit_usd)
    return _posting(account, brief_id, Claim(usd=claim.usd + usd), now, by)


def lower(account: Account, brief_id: str, usd: float, *, now: datetime, by: str) -> Posting | None:
    """The posting that lowers an open claim to `usd`; None if it is no higher."""
    claim = account.claim_of(brief_id)
    if claim.settled or claim.usd <= usd + TOLERANCE_USD:
        return None
    return _posting(account, brief_id, Claim(usd=usd), now, by)


def book(account: Account, brief_id: str, spent_usd: float, *, now: datetime, by: str) -> Posting | None:
    """The posting that raises an open claim to what was spent, whatever the limit; None if it is that high already."""
    claim = account.claim_of(brief_id)
    if claim.settled or spent_usd <= claim.usd + TOLERANCE_USD:
        return None
    return _posting(account, brief_id, Claim(usd=spent_usd), now, by)


def settle(
    account: Account, brief_id: str, spent_usd: float, in_flight_usd: float, *, now: datetime, by: str
) -> Posting | None:
    """The posting with which an ended brief returns what it did not spend; None if it has done so."""
    if account.claim_of(brief_id).settled:
        return None
    claim = Claim(usd=spent_usd + in_flight_usd, in_flight_usd=in_flight_usd, settled=True)
    return _posting(account, brief_id, claim, now, by)


def denial_reason(denied: Denied, what: str, setting: str, waiting: str) -> str:
    """Why the money is not enough, and what would let the brief through.

    `what` is the account ("day"), `setting` the campaign's field that limits it, `waiting` what happens without a
    change.
    """
    return (
        f"the budget of the {what} is spent: ${_money(denied.given_usd)} of ${_money(denied.limit_usd)} are held or "
        f"spent, and ${_money(denied.needed_usd)} more are needed: raise {setting} to at least "
        f"{_money(denied.enough_usd)}, {waiting}"
    )


def _posting(account: Account, brief_id: str, claim: Claim, now: datetime, by: str) -> Posting:
    total = max(0.0, account.total_usd - account.claim_of(brief_id).usd + claim.usd)
    return Posting(number=account.postings, brief_id=brief_id, claim=claim, total_usd=round(total, 12), by=by, at=now)


def _money(usd: float) -> str:
    """Dollars with at least two decimals, and as many as the cheapest images need."""
    whole, _, cents = f"{usd:.{_DIGITS}f}".partition(".")
    return f"{whole}.{cents.rstrip('0').ljust(2, '0')}"
