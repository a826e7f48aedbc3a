"""Nothing lost, nothing paid twice, on Apache Kafka and MinIO: ``python -m bench.faults.cluster [PART …]``.

The parts are those of the embedded stack and brokers (three of them, one killed); all of them by default. The servers
are installed by ``python -m tests.support.cluster install``.
"""

from __future__ import annotations

import asyncio
import sys

from bench.faults.run import COMMON, brokers, measure
from bench.figures import report
from workers.runtime.worker import quiet_libraries


def main(chosen: list[str]) -> None:
    """Measure and report."""
    quiet_libraries()
    report("faults-cluster", asyncio.run(measure("cluster", COMMON | {"brokers": brokers}, chosen)))


if __name__ == "__main__":
    main(sys.argv[1:])
