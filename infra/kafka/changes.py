"""Changes of tables that do not reach the broker.

faust logs that a change was not confirmed and goes on: the message that caused it is committed all the same, and the
change is missing once the table is recovered. Here the process ends first, with that message uncommitted, and the
next one takes it up from the last change that arrived.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import faust
import structlog

from infra.kafka.guard import EXIT_UNSENT

log = structlog.get_logger()


class ChangesArrive(faust.Sensor):
    """Ends the process when the app's own producer, which sends changes of tables alone, fails."""

    def on_send_error(self, producer: Any, exc: BaseException, state: Any) -> None:  # noqa: ARG002 - faust's names
        """A commit flushes the producer before it is sent, so this comes in time."""
        log.error("stopping: the broker does not confirm the change of a table", error=repr(exc))
        sys.stderr.flush()
        os._exit(EXIT_UNSENT)
