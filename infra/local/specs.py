"""What to run and how: the specification of a supervised process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from infra.local.fork_server import ForkServer

Probe = Callable[[], Awaitable[bool]]
"""Asks a question of a process, such as whether it is ready.

Returns: True for yes, False for not yet. Raises: any exception for not yet; an error that follows has its text.
"""

EventKind = Literal["started", "ready", "unhealthy", "exited", "restarting", "failed", "stopped"]

OnEvent = Callable[[str, EventKind, str], None]
"""Called when something happens to a process.

Args: the name of the process; what happened; a detail for people, such as ``pid 4711``.
"""


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    """When to start a process again.

    The delay doubles from `first_delay` to `longest_delay` seconds with each crash in a row. A run of
    `healthy_seconds` ends the row; `give_up_after` crashes in a row end the attempts.
    """

    first_delay: float = 0.2
    longest_delay: float = 10.0
    healthy_seconds: float = 15.0
    give_up_after: int = 6

    def delay(self, crashes: int) -> float:
        """Seconds to wait after that many crashes in a row (1 or more)."""
        return min(self.first_delay * 2.0 ** (crashes - 1), self.longest_delay)


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """A process: `env` is its whole environment, `argv[0]` an absolute path.

    `may_start` is asked before each start (say, until a port is free), `ready` after it, within
    `ready_seconds`; a `ready` that then fails for `unhealthy_seconds` on end has the process replaced, and so has a
    reason that `broken` gives, at once.
    SIGTERM is followed by SIGKILL after `stop_seconds`. With `forks` the process is forked by that server.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    log_path: Path
    cwd: Path | None = None
    may_start: Probe | None = None
    ready: Probe | None = None
    broken: Callable[[], str | None] | None = None
    ready_seconds: float = 60.0
    unhealthy_seconds: float = 60.0
    stop_seconds: float = 10.0
    restart: RestartPolicy = field(default_factory=RestartPolicy)
    forks: ForkServer | None = None
