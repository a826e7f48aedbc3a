"""Nothing lost, nothing paid twice, on the embedded stack: ``python -m bench.faults.embedded [PART …]``.

The parts are kills, stock, crash, outages and hostile; all of them by default.
"""

from __future__ import annotations

import asyncio
import sys

from bench.faults.run import COMMON, measure
from bench.figures import report
from workers.runtime.worker import quiet_libraries


def main(chosen: list[str]) -> None:
    """Measure and report."""
    quiet_libraries()
    report("faults-embedded", asyncio.run(measure("embedded", COMMON, chosen)))


if __name__ == "__main__":
    main(sys.argv[1:])
