"""The file by which other commands find the stack that runs on a data directory."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
from pydantic import BaseModel

from infra.local.credentials import load_or_create
from infra.local.data_directory import DataDirectory
from infra.local.files import read_json, write_private_json
from infra.local.processes import CLOCK_TOLERANCE_SECONDS
from infra.settings import Settings


class RunningStack(BaseModel):
    """Where the servers of a running stack listen. Secrets stay in the file that `credentials` names."""

    pid: int
    created: float
    addresses: tuple[str, ...]
    embedded: bool = False
    endpoint: str
    credentials: Path | None
    ephemeral: bool


def announce(directory: DataDirectory, settings: Settings, *, own_credentials: bool) -> None:
    """Say where the servers listen, for as long as this process lives."""
    running = RunningStack(
        pid=os.getpid(),
        created=psutil.Process().create_time(),
        addresses=settings.kafka.addresses or (),
        embedded=settings.kafka.embedded,
        endpoint=settings.store.endpoint or "",
        credentials=directory.credentials if own_credentials else None,
        ephemeral=settings.ephemeral,
    )
    write_private_json(directory.discovery, running.model_dump(mode="json"))


def read_running(settings: Settings) -> Settings | None:
    """`settings` with the addresses of the stack that runs on its data directory; None where none runs.

    Settings that name both servers are returned as they are: their stack runs elsewhere.
    """
    if settings.kafka.addresses and settings.store.endpoint:
        return settings
    directory = DataDirectory(settings.data)
    stored = read_json(directory.discovery)
    running = RunningStack.model_validate(stored) if stored else None
    if running is None or not _alive(running):
        return None
    return with_addresses(settings, running)


def with_addresses(settings: Settings, running: RunningStack) -> Settings:
    """`settings` resolved: addresses and, for the embedded store, its credentials."""
    store: dict[str, object] = {"endpoint": running.endpoint}
    if running.credentials:
        made = load_or_create(running.credentials)
        store |= {"access_key": made.access_key, "secret_key": made.secret_key, "secure": False}
        directory = DataDirectory(settings.data)
        store["directory"] = directory.ephemeral_store if running.ephemeral else directory.store
    return settings.model_copy(
        update={
            "kafka": settings.kafka.model_copy(update={"addresses": running.addresses, "embedded": running.embedded}),
            "store": settings.store.model_copy(update=store),
            "ephemeral": running.ephemeral,
        }
    )


def _alive(running: RunningStack) -> bool:
    try:
        return abs(psutil.Process(running.pid).create_time() - running.created) < CLOCK_TOLERANCE_SECONDS
    except psutil.Error:
        return False
