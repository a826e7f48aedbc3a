"""What worker processes report to each other about the models that they call, so that together they keep its limits."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from schemas.base import Identifier, Model

ClockSeconds = Annotated[float, Field(ge=0.0)]
"""Seconds since the Unix epoch, or a length of time in seconds."""


class KnownLimit(Model):
    """A limit as `routing.pacing.learned_limit` estimates it; `known` is None where there is none yet."""

    known: Annotated[float, Field(ge=0.0)] | None
    since: float
    hold: ClockSeconds
    met_at: ClockSeconds
    met: Annotated[float, Field(ge=0.0)]
    at: ClockSeconds


class ModelPace(Model):
    """One model of one account in one process.

    `calls` are in flight, `waiting` jobs wait for one, `starts` is how many began in the last second. `away_since` and
    `away_until` say when the circuit breaker opened and when its next probe is due (0: it is closed). `proven_at` is
    when the latest call began that was answered.
    """

    account: str
    model: str
    calls: Annotated[int, Field(ge=0)]
    waiting: Annotated[int, Field(ge=0)]
    starts: Annotated[float, Field(ge=0.0)]
    window: KnownLimit
    rate: KnownLimit
    away_since: ClockSeconds = 0.0
    away_until: ClockSeconds = 0.0
    proven_at: ClockSeconds = 0.0


class PaceReport(Model):
    """The report of the process `member` at `at`; `number` grows with each report and shows a silent process."""

    member: Identifier
    number: Annotated[int, Field(ge=0)]
    at: ClockSeconds
    models: tuple[ModelPace, ...] = ()
