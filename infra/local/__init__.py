"""The embedded servers: SeaweedFS and the Tansu broker from their PyPI wheels, supervised, on loopback."""

from __future__ import annotations

from infra.local.discovery import read_running
from infra.local.external import ExternalStack
from infra.local.specs import EventKind, OnEvent, Probe, ProcessSpec, RestartPolicy
from infra.local.stack import EmbeddedStack
from infra.local.supervisor import Supervisor
from infra.settings import Settings

__all__ = [
    "EmbeddedStack",
    "EventKind",
    "ExternalStack",
    "OnEvent",
    "Probe",
    "ProcessSpec",
    "RestartPolicy",
    "Supervisor",
    "read_running",
    "stack_for",
]


def stack_for(settings: Settings, *, on_event: OnEvent | None = None) -> EmbeddedStack | ExternalStack:
    """The stack that `settings` ask for; use it with ``async with`` or by `start` and `stop`.

    Settings that name both servers start none.
    """
    if settings.kafka.addresses and settings.store.endpoint:
        return ExternalStack(settings, on_event=on_event)
    return EmbeddedStack(settings, on_event=on_event)
