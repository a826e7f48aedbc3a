"""Run a bench by its name: ``python -m bench NAME [PART ...]``; without a name, list them."""

from __future__ import annotations

import ast
import os
import sys
from importlib.util import find_spec
from pathlib import Path
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
    """Run the bench named by the first argument, with the other arguments; without arguments, list the benches.

    Exits with an error for an unknown name.
    """
    if not arguments:
        for name, module in BENCHES.items():
            sys.stdout.write(f"  make bench NAME={name:<17}{_summary(module)}\n")
        return
    name, *parts = arguments
    if name not in BENCHES:
        sys.exit(f"there is no bench {name!r}; there are {', '.join(BENCHES)}")
    sys.stdout.flush()
    # A process of its own, in which the bench is ``__main__``: processes that it starts can then import its functions.
    os.execv(sys.executable, [sys.executable, "-m", BENCHES[name], *parts])  # noqa: S606 - a bench of the table above


def _summary(module: str) -> str:
    """The first line of a module's docstring, read without importing the module."""
    spec = find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    first, _, _ = (ast.get_docstring(ast.parse(Path(spec.origin).read_text("utf-8"))) or "").partition("\n")
    return first.partition(": ``")[0].rstrip(".")


if __name__ == "__main__":
    main(sys.argv[1:])
