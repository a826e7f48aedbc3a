"""``python -m tests.support.simulator --port P --seed N``: serve until SIGTERM or SIGINT.

The first line on standard output is the address.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys

from tests.support.simulator.server import run


async def main() -> None:
    """Parse the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    serving = asyncio.ensure_future(run(options.seed, options.port, _tell))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, serving.cancel)
    await asyncio.wait([serving])
    if not serving.cancelled():
        serving.result()


def _tell(address: str) -> None:
    sys.stdout.write(f"{address}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
