"""The cases by name, and what many of them share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import pytest

from schemas.errors import BadOutput, ProviderError
from schemas.generations import Operation
from tests.integration.providers.adapters import Adapter
from tests.integration.providers.bench import PRICE, Bench

Check = Callable[[Bench], Awaitable[None]]
"""Asserts one rule of the contract.

Args:
    bench: one adapter at a simulator of its own, set up for one operation.
"""
Applies = Callable[[Adapter, Operation], bool]
"""Whether an adapter can meet a case with an operation."""
SOON: Final = 0.25
"""The limit in seconds of the cases in which no image is made."""


@dataclass(frozen=True)
class Case:
    """A case; `applies` says which adapters and operations can meet it."""

    name: str
    check: Check
    applies: Applies


CASES: Final[dict[str, Case]] = {}


def case(applies: Applies = lambda *_: True) -> Callable[[Check], Check]:
    """Register a case under its function's name."""

    def enter(check: Check) -> Check:
        CASES[check.__name__] = Case(check.__name__, check, applies)
        return check

    return enter


def queued(adapter: Adapter, operation: Operation) -> bool:
    return adapter.way_of(operation) != "answer"


def as_file(adapter: Adapter, operation: Operation) -> bool:
    return adapter.way_of(operation) == "file"


def fetched(adapter: Adapter, operation: Operation) -> bool:
    return adapter.way_of(operation) in {"file", "view"}


async def fails(bench: Bench, error: type[ProviderError], match: str | None = None) -> ProviderError:
    """The error of an image that is wanted."""
    with pytest.raises(error, match=match) as caught:
        await bench.make()
    return caught.value


async def is_bad_output(bench: Bench, mishap: Any) -> None:
    bench.weather(mishap)
    error = await fails(bench, BadOutput)
    assert error.retryable
    assert error.spent_usd == pytest.approx(PRICE) == pytest.approx(bench.billed)
