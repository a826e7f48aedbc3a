"""One worker as a process of its own: ``python -m workers.runtime.process KIND``, its settings in the environment.

A supervisor starts workers this way: what the command line needs beyond the worker is not imported.
"""

from __future__ import annotations

import asyncio
import sys
from typing import cast

from infra import settings as settings_module
from schemas.errors import BrushfireError
from workers.runtime.kinds import WorkerKind, concurrency_of, run_kind
from workers.runtime.worker import quiet_libraries


def main(kind: WorkerKind) -> None:
    """Run the worker `kind` until it is told to stop."""
    quiet_libraries()
    try:
        settings = settings_module.load()
        asyncio.run(run_kind(kind, settings, concurrency_of(kind, settings)))
    except BrushfireError as error:
        sys.exit(f"{kind}: {error}")


if __name__ == "__main__":
    main(cast("WorkerKind", sys.argv[1]))
