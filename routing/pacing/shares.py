"""How processes that use one account divide its limits: max-min fair shares.

Each process reports its running and waiting calls. All compute the same division from the same reports: a process with
a small demand gets all of it, and the rest is divided evenly. A process that is silent for a while is left out.

Times are seconds of a clock that all processes share.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

ROTATION_SECONDS: Final = 10.0
"""How long the same processes keep the odd places. Where a limit is below the number of processes, all take turns."""
_GOLDEN: Final = (5.0**0.5 - 1.0) / 2.0
"""Multiples of it spread evenly over 0 to 1 (Weyl, 1916)."""


@dataclass(frozen=True, slots=True)
class LimitShare:
    """A process's share of a limit: `fraction` of it, after the fraction `before` of the processes with smaller names.

    `calls` and `starts` are the concurrent calls of the other processes and their calls per second.
    """

    fraction: float = 1.0
    before: float = 0.0
    calls: int = 0
    starts: float = 0.0

    def of(self, limit: float, now: float) -> int:
        """This process's part of `limit`, a whole number; the parts of all processes add up to the whole limit."""
        # Shifting all shares by the same fraction moves the rounding from process to process and keeps the sum.
        turn = (math.floor(now / ROTATION_SECONDS) * _GOLDEN) % 1.0
        whole = math.floor(limit)
        begin, end = self.before * whole + turn, (self.before + self.fraction) * whole + turn
        return math.floor(end + 1e-9) - math.floor(begin + 1e-9)  # 1e-9: sums of fractions may miss a whole number


ALONE: Final = LimitShare()


@dataclass(frozen=True, slots=True)
class Demand:
    """What a process has: running calls, jobs that wait for one, and calls started in the last second."""

    calls: int
    waiting: int
    starts: float = 0.0

    @property
    def wanted(self) -> int:
        """Calls that it would run if it were allowed to."""
        return self.calls + self.waiting


def share_of(member: str, needs: Mapping[str, Demand], limit: float) -> LimitShare:
    """The share of `member` in `limit` concurrent calls; `member` counts as wanting at least one call."""
    wanted = {name: float(need.wanted) for name, need in needs.items() if need.wanted or name == member}
    wanted[member] = max(wanted.get(member, 0.0), 1.0)
    if len(wanted) == 1:
        others = [need for name, need in needs.items() if name != member]
        return LimitShare(1.0, 0.0, sum(need.calls for need in others), sum(need.starts for need in others))
    parts = _divided(wanted, max(limit, 1.0))
    total = sum(parts.values())
    others = [need for name, need in needs.items() if name != member]
    return LimitShare(
        fraction=parts[member] / total,
        before=sum(part for name, part in parts.items() if name < member) / total,
        calls=sum(need.calls for need in others),
        starts=sum(need.starts for need in others),
    )


def _divided(wanted: Mapping[str, float], limit: float) -> dict[str, float]:
    """`limit` divided max-min fairly; evenly where it is enough for all."""
    if sum(wanted.values()) <= limit or math.isinf(limit):
        return dict.fromkeys(wanted, 1.0)
    parts: dict[str, float] = {}
    left = limit
    for count, name in enumerate(sorted(wanted, key=lambda name: (wanted[name], name))):
        parts[name] = min(wanted[name], left / (len(wanted) - count))
        left -= parts[name]
    return parts
