"""Gossip: processes report what they know of each model, and merge what the others report.

There is no leader. Each process writes a report every second and reads those of all others. Limits are merged so that
all processes soon know the same, whichever found it. A process that is silent for some seconds no longer gets a share;
the limits that it learned stay.

Times are seconds of a clock that all processes share, to within a second.
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
"""A process that is silent for this long is gone: three reports may be late."""
STALE_SECONDS: Final = 600.0
"""An older report is ignored: limits change within a day."""

ModelKey = tuple[str, str]
"""Account and model."""


@dataclass(slots=True)
class _Heard:
    number: int
    at: float


class Members:
    """Which processes are alive: those whose reports change, by this process's own clock, since clocks may differ."""

    def __init__(self) -> None:
        self._heard: dict[str, _Heard] = {}

    def living(self, reports: Iterable[PaceReport], now: float) -> list[PaceReport]:
        """Those of `reports` (the latest of each member) whose members are alive."""
        return [report for report in reports if self._lives(report, now)]

    def _lives(self, report: PaceReport, now: float) -> bool:
        heard = self._heard.get(report.member)
        if heard is None or heard.number != report.number:
            is_fresh = heard is not None or now - report.at < SILENT_SECONDS
            self._heard[report.member] = _Heard(report.number, now if is_fresh else -math.inf)
        return now - self._heard[report.member].at < SILENT_SECONDS


def report_of(key: ModelKey, limiter: RateLimiter, now: float, away_since: float) -> ModelPace:
    """The report on one model; `away_since` is when its breaker opened, 0 while it is closed."""
    need = limiter.demand(now)
    account, model = key
    return ModelPace(
        account=account,
        model=model,
        calls=need.calls,
        waiting=need.waiting,
        starts=need.starts,
        window=_known_limit(limiter.window),
        rate=_known_limit(limiter.rate),
        away_since=away_since,
        away_until=limiter.breaker.open_until,
        proven_at=limiter.proven_at,
    )


def to_own_clock(report: PaceReport, now: float) -> PaceReport:
    """The report of a living member in this process's time, if its clock is off by more than a late report."""
    late = now - report.at
    if abs(late) < SILENT_SECONDS:
        return report
    return report.model_copy(update={"at": now, "models": tuple(_moved(pace, late) for pace in report.models)})


def _moved(report: ModelPace, seconds: float) -> ModelPace:
    names = ("away_since", "away_until", "proven_at")
    limits = {"window": _limit_moved(report.window, seconds), "rate": _limit_moved(report.rate, seconds)}
    return report.model_copy(update={name: _later(getattr(report, name), seconds) for name in names} | limits)


def _limit_moved(limit: KnownLimit, seconds: float) -> KnownLimit:
    names = ("since", "met_at", "at")
    return limit.model_copy(update={name: _later(getattr(limit, name), seconds) for name in names})


def _later(moment: float, seconds: float) -> float:
    """`moment` moved by `seconds`; 0 means never and stays 0."""
    return moment + seconds if moment > 0.0 else moment


def by_member(key: ModelKey, reports: Iterable[PaceReport]) -> dict[str, ModelPace]:
    """What each member reports on one model."""
    return {report.member: pace for report in reports for pace in report.models if (pace.account, pace.model) == key}


def merge_limits(limiter: RateLimiter, paces: Iterable[ModelPace], now: float) -> None:
    """Merge the limits that other processes learned, whether they are alive or gone."""
    for other in paces:
        limiter.merge(_learned_limit(other.window), _learned_limit(other.rate), now)


def take_share(limiter: RateLimiter, member: str, living: Mapping[str, ModelPace], now: float) -> None:
    """Set the share of `member` beside the other living members."""
    needs = {name: Demand(pace.calls, pace.waiting, pace.starts) for name, pace in living.items()}
    needs[member] = limiter.demand(now)
    limiter.share = share_of(member, needs, limiter.window.allows(now))


def follow_breakers(limiter: RateLimiter, living: Iterable[ModelPace], now: float, away_since: float) -> None:
    """Open the breaker where another process opened its own, and allow a probe where another process got an answer.

    A report of an outage counts only if it is newer than the last answer here.
    """
    for other in living:
        if limiter.breaker.is_closed and other.away_until > now and other.away_since > limiter.proven_at:
            limiter.breaker.opened_elsewhere(other.away_until)
        elif not limiter.breaker.is_closed and other.proven_at > max(away_since, 0.0) > 0.0 and not other.away_until:
            limiter.breaker.recovered_elsewhere()


def _known_limit(limit: LearnedLimit) -> KnownLimit:
    known = None if math.isinf(limit.known) else limit.known
    return KnownLimit(known=known, since=limit.since, hold=limit.hold, met_at=limit.met_at, met=limit.met, at=limit.at)


def _learned_limit(limit: KnownLimit) -> LearnedLimit:
    known = math.inf if limit.known is None else limit.known
    return LearnedLimit(known, limit.since, limit.hold, limit.met_at, limit.met, limit.at)
