"""Run a bench by its name: ``python -m bench NAME [PART ...]``; without a name, list them."""

from __future__ import annotations

import runpy
import sys
from typing import Final

BENCHES: Final = {
    "calibration": "bench.models.calibration",
    "compare-runs": "bench.pipeline.compare_runs",
    "composer-fit": "bench.composer.fit",
    "composer-speed": "bench.composer.speed",
    "composer-variety": "bench.composer.variety",
    "defects": "bench.eye.defects",
    "drift": "bench.eye.drift",
    "eye-speed": "bench.eye.speed",
    "failover": "bench.models.failover",
    "faults-cluster": "bench.faults.cluster",
    "faults-embedded": "bench.faults.embedded",
    "handover": "bench.eye.handover",
    "pace": "bench.models.pace",
    "pipeline": "bench.pipeline.pipeline",
    "refusals": "bench.models.refusals",
    "safety": "bench.eye.safety",
    "slots": "bench.pipeline.slots",
    "spend": "bench.models.spend",
    "startup": "bench.startup.startup",
}
"""The benches by name, each a module that runs as a script."""


def main(arguments: list[str]) -> None:
    """Run the bench named by the first argument, with the other arguments. Exits with an error for an unknown name."""
    if not arguments or arguments[0] not in BENCHES:
        sys.exit(_usage(arguments))
    name, *parts = arguments
    sys.argv = [name, *parts]
    runpy.run_module(BENCHES[name], run_name="__main__")


def _usage(arguments: list[str]) -> str:
    unknown = f"there is no bench {arguments[0]!r}; " if arguments else ""
    return f"{unknown}name a bench: make bench NAME={'|'.join(BENCHES)}"


if __name__ == "__main__":
    main(sys.argv[1:])
