"""Tables in which the first word stands, whatever the order in which the words arrive."""

from __future__ import annotations

from datetime import datetime
from typing import Generic, TypeVar

from schemas.base import Model

Key = TypeVar("Key")
Value = TypeVar("Value", bound=Model)


class FirstStands(Generic[Key, Value]):
    """Of several values for a key, the one with the least `(rank, instant, JSON)` stays.

    A minimum over a total order is commutative, associative and idempotent: events may come twice and in
    any order, and the table ends the same.
    """

    def __init__(self) -> None:
        self._held: dict[Key, tuple[int, datetime, Value]] = {}
        self._ordered: list[tuple[Key, Value]] | None = None

    def add(self, key: Key, value: Value, at: datetime, rank: int = 0) -> None:
        """Offer `value`, said at `at`, for `key`; a lower `rank` wins over an earlier instant."""
        held = self._held.get(key)
        if held is None or (held[2] != value and _order(rank, at, value) < _order(*held[:2], held[2])):
            self._held[key] = (rank, at, value)
            self._ordered = None

    def get(self, key: Key) -> Value | None:
        """The value that stands for `key`, or None."""
        held = self._held.get(key)
        return None if held is None else held[2]

    def items(self) -> list[tuple[Key, Value]]:
        """Keys and values, by instant, then by key."""
        if self._ordered is None:
            ordered = sorted(self._held.items(), key=lambda item: (item[1][1], str(item[0])))
            self._ordered = [(key, held[2]) for key, held in ordered]
        return list(self._ordered)

    def values(self) -> list[Value]:
        """The values that stand, in the order of `items`."""
        return [value for _, value in self.items()]

    def __contains__(self, key: object) -> bool:
        return key in self._held

    def __len__(self) -> int:
        return len(self._held)


def _order(rank: int, at: datetime, value: Model) -> tuple[int, datetime, str]:
    return rank, at, value.model_dump_json()
