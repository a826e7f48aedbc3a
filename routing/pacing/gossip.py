"""What a process tells the others of its models, and what it makes of what they tell.

Nobody leads. Everybody writes a report each second and reads all others'; limits are merged so that all know the same
soon after, whoever found it; who has not been heard of for some seconds is counted out, and what it knew stays.

Times are in seconds of a clock that all processes share, to within a second.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from routing.pacing.learned_limit import LearnedLimit
from routing.pacing.rate_limiter import RateLimiter
from routing.pacing.shares import Demand, share_of
from schemas.paces import KnownLimit, ModelPace, PaceReport

SILENT_SECONDS: Final = 4.0
"""Who was not heard of for so long is gone: three reports may be late."""
STALE_SECONDS: Final = 600.0
"""A report of so long ago is of another day: limits change, and nobody is to start from it."""

ModelKey = tuple[str, str]
"""Account and model."""


@dataclass(slots=True)
class _Heard:
    number: int
    at: float


class Members:
    """Who is there. A member lives while its reports change, by this process's own clock: clocks may differ."""

    def __init__(self) -> None:
        self._heard: dict[str, _Heard] = {}

    def living(self, reports: Iterable[PaceReport], now: float) -> list[PaceReport]:
        """Those of `reports` (the latest of each member) whose members live."""
        return [report for report in reports if self._lives(report, now)]

    def _lives(self, report: PaceReport, now: float) -> bool:
        heard = self._heard.get(report.member)
        if heard is None or heard.number != report.number:
            is_fresh = heard is not None or now - report.at < SILENT_SECONDS
            self._heard[report.member] = _Heard(report.number, now if is_fresh else -math.inf)
        return now - self._heard[report.member].at < SILENT_SECONDS


def report_of(key: ModelKey, limiter: RateLimiter, now: float, away_since: float) -> ModelPace:
    """What to tell of a model; `away_since` is when its breaker opened, 0 where it is closed."""
    need = limiter.demand(now)
    account, model = key
    return ModelPace(
        account=account,
        model=model,
        calls=need.calls,
        waiting=need.waiting,
        starts=need.starts,
        window=_told(limiter.window),
        rate=_told(limiter.rate),
        away_since=away_since,
        away_until=limiter.breaker.open_until,
        proven_at=limiter.proven_at,
    )


def to_own_clock(report: PaceReport, now: float) -> PaceReport:
    """What a living member tells, in times of this process's clock, if its own is wrong by more than a late report."""
    late = now - report.at
    if abs(late) < SILENT_SECONDS:
        return report
    return report.model_copy(update={"at": now, "models": tuple(_moved(told, late) for told in report.models)})


def _moved(told: ModelPace, seconds: float) -> ModelPace:
    names = ("away_since", "away_until", "proven_at")
    limits = {"window": _limit_moved(told.window, seconds), "rate": _limit_moved(told.rate, seconds)}
    return told.model_copy(update={name: _later(getattr(told, name), seconds) for name in names} | limits)


def _limit_moved(limit: KnownLimit, seconds: float) -> KnownLimit:
    names = ("since", "met_at", "at")
    return limit.model_copy(update={name: _later(getattr(limit, name), seconds) for name in names})


def _later(moment: float, seconds: float) -> float:
    """`moment` moved; what never was (0) stays so."""
    return moment + seconds if moment > 0.0 else moment


def by_member(key: ModelKey, reports: Iterable[PaceReport]) -> dict[str, ModelPace]:
    """What each member tells of one model."""
    return {report.member: told for report in reports for told in report.models if (told.account, told.model) == key}


def merge_limits(limiter: RateLimiter, told: Iterable[ModelPace], now: float) -> None:
    """Take over what others know of the limits, be they alive or gone."""
    for other in told:
        limiter.merge(_limit(other.window), _limit(other.rate), now)


def take_share(limiter: RateLimiter, member: str, living: Mapping[str, ModelPace], now: float) -> None:
    """Take the share of `member` beside the living others."""
    needs = {name: Demand(told.calls, told.waiting, told.starts) for name, told in living.items()}
    needs[member] = limiter.demand(now)
    limiter.share = share_of(member, needs, limiter.window.allows(now))


def follow_breakers(limiter: RateLimiter, living: Iterable[ModelPace], now: float, away_since: float) -> None:
    """Stop where another found the provider away since the last call here that was answered; go on where it is back."""
    for other in living:
        if limiter.breaker.is_closed and other.away_until > now and other.away_since > limiter.proven_at:
            limiter.breaker.opened_elsewhere(other.away_until)
        elif not limiter.breaker.is_closed and other.proven_at > max(away_since, 0.0) > 0.0 and not other.away_until:
            limiter.breaker.recovered_elsewhere()


def _told(limit: LearnedLimit) -> KnownLimit:
    known = None if math.isinf(limit.known) else limit.known
    return KnownLimit(known=known, since=limit.since, hold=limit.hold, met_at=limit.met_at, met=limit.met, at=limit.at)


def _limit(told: KnownLimit) -> LearnedLimit:
    known = math.inf if told.known is None else told.known
    return LearnedLimit(known, told.since, told.hold, told.met_at, told.met, told.at)
