"""Estimates against published prices, and a budget that two processes spend: ``make bench NAME=spend``."""

from __future__ import annotations

import asyncio

from bench.figures import Figure, report
from bench.machine import machine
from bench.models.spend_accounts import account_figures
from bench.models.spend_prices import price_figures
from workers.runtime.worker import quiet_libraries


async def measure() -> list[Figure]:
    """All figures."""
    async with machine() as m:
        accounts = await account_figures(m)
    return [*price_figures(), *accounts]


def main() -> None:
    """Measure and report."""
    quiet_libraries()
    report("spend", asyncio.run(measure()))


if __name__ == "__main__":
    main()
