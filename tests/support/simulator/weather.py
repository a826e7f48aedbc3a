"""How the simulator behaves: latency, price, mishaps, limits."""

from __future__ import annotations

import math
from random import Random
from typing import Annotated, Final, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

Mishap = Literal[
    "throttle",
    "error",
    "failure",
    "refusal",
    "hang",
    "drip",
    "truncated",
    "garbage",
    "wrong_type",
    "bomb",
    "empty",
    "malformed",
    "oversize",
    "expired",
    "page",
    "redirect",
    "lure",
]
"""What may happen to a call.

Not billed: `throttle` (429 at once), `error` (500 at once), `failure` (an error after the work's time),
`refusal` (content policy, in the words of each API), `hang` (never done). Billed: `drip` (a good image,
slowly; a file only the first time), `truncated`, `garbage`, `wrong_type` (a web page), `bomb` (a small
PNG of 30,000 x 30,000 pixels), `empty` (a good answer without an image), `malformed` (a good answer that is not JSON),
`oversize` (an answer or a file without end), `expired` (the finished image is gone), `page` (a gateway's page at the
first poll, a good answer at the next), `lure` (the finished image's address leads elsewhere). `redirect` (the call is
sent elsewhere, at once) is not.
"""
MISHAPS: Final[tuple[Mishap, ...]] = get_args(Mishap)
SPOILED: Final[frozenset[Mishap]] = frozenset(
    {"truncated", "garbage", "wrong_type", "bomb", "empty", "malformed", "oversize", "expired", "lure"}
)
"""Mishaps after which the bytes are no usable image."""

Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Rate = Annotated[float, Field(ge=0, le=1)]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Fixed(_Value):
    """Always the same."""

    kind: Literal["fixed"] = "fixed"
    seconds: Seconds = 0.0

    def draw(self, _random: Random) -> float:
        """A latency in seconds."""
        return self.seconds


class Uniform(_Value):
    """Any value between two bounds, equally likely."""

    kind: Literal["uniform"] = "uniform"
    low: Seconds
    high: Seconds

    def draw(self, random: Random) -> float:
        """A latency in seconds."""
        return random.uniform(self.low, self.high)


class Lognormal(_Value):
    """Mostly near the median, with a long tail that is cut at `longest`."""

    kind: Literal["lognormal"] = "lognormal"
    median: Annotated[float, Field(gt=0)]
    sigma: Annotated[float, Field(gt=0)] = 0.5
    longest: Seconds = 60.0

    def draw(self, random: Random) -> float:
        """A latency in seconds."""
        return min(random.lognormvariate(math.log(self.median), self.sigma), self.longest)


Latency = Annotated[Fixed | Uniform | Lognormal, Field(discriminator="kind")]


class Weather(_Value):
    """The behaviour of all calls from now on.

    `price_usd` is for one image, `prices_usd` for those of a model (by the name or path that the API uses).
    `rates` gives each mishap's share of the calls, 0 to 1. `storm` answers everything with 429. While the
    provider is `down` it answers everything with 503 (`refuses`) or hangs up (`drops`); what it has begun
    it finishes. `most_open` and `most_per_second` are hidden limits; it answers 429 beyond them.
    `retry_after_seconds` is in the header of each 429 (None: no header).
    `files_host` is the host name in the addresses of finished images (None: the host that was called).
    """

    latency: Latency = Uniform(low=0.05, high=0.25)
    price_usd: Annotated[float, Field(ge=0)] = 0.003
    prices_usd: dict[str, Annotated[float, Field(ge=0)]] = {}
    rates: dict[Mishap, Rate] = {}
    retry_after_seconds: Seconds | None = 1.0
    drip_seconds: Seconds = 60.0
    storm: bool = False
    down: Literal["no", "refuses", "drops"] = "no"
    most_open: Annotated[int, Field(ge=1)] | None = None
    most_per_second: Annotated[int, Field(ge=1)] | None = None
    files_host: str | None = None

    @model_validator(mode="after")
    def _rates_add_up(self) -> Self:
        if sum(self.rates.values()) > 1.0:
            raise ValueError("the rates add up to more than 1")
        return self

    def price(self, model: str) -> float:
        """The price of one image of `model`, in US dollars."""
        return self.prices_usd.get(model, self.price_usd)
