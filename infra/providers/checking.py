"""Checks whether a model can be used: its address, its key, its retirement, the age of its price."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from pydantic.dataclasses import dataclass

from infra.providers.http.provider import HttpProvider
from infra.providers.registry import Registry
from schemas.errors import NotServed, ProviderError, Unavailable
from schemas.generations import ModelCard, Operation

RETIRES_SOON: Final = timedelta(days=90)
"""A warning comes this long before a model retires: a quarter, time to accept its successor's images."""
PRICE_AGES: Final = timedelta(days=365)
"""A price that is older than this gets a warning."""


@dataclass(frozen=True)
class Checkup:
    """The result of a model's check. `problem` prevents its use; `warnings` do not.

    `asked` says whether a provider was asked: a model on this machine has no address and no key.
    """

    model: str
    provider: str
    operations: tuple[Operation, ...]
    price_usd: float
    asked: bool
    problem: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether it can be used."""
        return not self.problem


async def check_models(registry: Registry, names: Iterable[str], now: datetime) -> list[Checkup]:
    """Check each model by a request that costs nothing. Raises InvalidRequest for an unknown model."""
    return list(await asyncio.gather(*(_check(registry, name, now) for name in names)))


async def _check(registry: Registry, name: str, now: datetime) -> Checkup:
    card, provider = registry.card(name), registry.provider(name)
    problem = await _problem(provider, name) if isinstance(provider, HttpProvider) else ""
    if card.retires_at is not None and card.retires_at <= now:
        problem = problem or f"its provider switched it off on {card.retires_at:%Y-%m-%d}: choose a successor"
    return Checkup(
        model=name,
        provider=card.provider,
        operations=card.operations,
        price_usd=card.price_usd,
        asked=isinstance(provider, HttpProvider),
        problem=problem,
        warnings=tuple(_warnings(card, now)),
    )


async def _problem(provider: HttpProvider, name: str) -> str:
    try:
        await provider.probe(name)
    except Unavailable as error:
        return f"{error}; is {provider.address} the right base_url, and can this machine reach it?"
    except NotServed as error:
        return f"{error}; is its key the right one, and may that use this model?"
    except ProviderError as error:
        return str(error)
    return ""


def _warnings(card: ModelCard, now: datetime) -> Iterable[str]:
    if card.retires_at is not None and now < card.retires_at <= now + RETIRES_SOON:
        days = (card.retires_at - now).days
        yield f"retires on {card.retires_at:%Y-%m-%d}, in {days} days: try a successor, and compare before then"
    if card.as_of and _month(card.as_of) is None:
        yield f"the date of its price, {card.as_of!r}, is no month such as 2026-05"
    month = _month(card.as_of)
    if month is not None and month + PRICE_AGES < now.replace(tzinfo=None):
        yield f"its price is of {card.as_of}: check whether it is still right"


def _month(as_of: str) -> datetime | None:
    try:
        return datetime.strptime(as_of, "%Y-%m")  # noqa: DTZ007 - a month has no zone
    except ValueError:
        return None
