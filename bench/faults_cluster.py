"""Nothing lost, nothing paid twice, on Apache Kafka and MinIO: ``python -m bench.faults_cluster [PART …]``.

The parts are those of the embedded stack and brokers (three of them, one killed); all of them by default. The servers
are installed by ``python -m infra.cluster install``.
"""

from __future__ import annotations

import asyncio
import sys

from bench._common import report
from bench._faults import COMMON, brokers, measure
from workers.runtime import quiet_libraries


def main(chosen: list[str]) -> None:
    """Measure and report."""
    quiet_libraries()
    report("faults-cluster", asyncio.run(measure("cluster", COMMON | {"brokers": brokers}, chosen)))


if __name__ == "__main__":
    main(sys.argv[1:])
