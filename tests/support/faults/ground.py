"""The ground of a fault run: a durable stack with its topics, and a provider simulator beside it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from infra.kafka.admin import create_topics
from infra.local.specs import ProcessSpec
from infra.local.stack import EmbeddedStack, ExternalStack, stack_for
from infra.local.supervisor import Supervisor
from infra.settings import Settings
from infra.storage.minio_store import MinioStore
from tests.support.cluster import ClusterStack
from tests.support.simulator.client import SimulatorClient
from tests.support.simulator.process import simulator

StackKind = Literal["embedded", "cluster", "cluster-3"]
"""Tansu on SeaweedFS; one Apache Kafka broker, or three, beside MinIO."""

SERVERS: dict[StackKind, tuple[tuple[str, ...], str]] = {
    "embedded": (("broker",), "store"),
    "cluster": (("kafka-1",), "minio"),
    "cluster-3": (("kafka-1", "kafka-2", "kafka-3"), "minio"),
}
"""The names of the brokers and of the store under the supervisor."""


class Ground:
    """A running stack. Its supervisor takes the workers too; `simulator` is the models' provider."""

    def __init__(self, kind: StackKind, stack: Stack, store: MinioStore, provider: SimulatorClient) -> None:
        self.kind = kind
        self.brokers, self.store_name = SERVERS[kind]
        self.settings = stack.settings
        self.supervisor: Supervisor = stack.supervisor
        self.store = store
        self.simulator = provider
        self._taken_down: dict[str, ProcessSpec] = {}

    @property
    def folder(self) -> Path:
        """Where everything of this run is."""
        return Path(self.settings.data)

    @property
    def logs(self) -> Path:
        """The logs of servers and workers."""
        return self.folder / "logs"

    async def take_down(self, server: str) -> None:
        """SIGKILL for a server, which stays down."""
        self._taken_down[server] = self.supervisor._managed[server].spec
        pid = self.supervisor.pids().get(server)
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
        await self.supervisor.stop(server)

    async def bring_up(self, server: str) -> None:
        """Start a server that was taken down, and return when it is ready."""
        await self.supervisor.start(self._taken_down.pop(server))

    async def restarted(self, server: str, before: int | None) -> None:
        """Return when `server` runs as another process than `before`, and is ready."""
        while self.supervisor.pids().get(server) in {None, before}:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)
        await self.supervisor.wait_ready(server)


Stack = EmbeddedStack | ExternalStack | ClusterStack


@asynccontextmanager
async def ground(kind: StackKind, folder: Path, seed: int = 0) -> AsyncIterator[Ground]:
    """Everything that runs before the first worker does; stopped at the end."""
    async with simulator(seed) as provider, _stack(kind, folder) as stack:
        kafka = stack.settings.kafka
        await create_topics(kafka, kafka.partitions, kafka.replication_factor)
        async with MinioStore(stack.settings.store) as store:
            yield Ground(kind, stack, store, provider)


def _stack(kind: StackKind, folder: Path) -> Stack:
    settings = Settings(data=folder)
    if kind == "embedded":
        return stack_for(settings)
    return ClusterStack(settings, brokers=3 if kind == "cluster-3" else 1)
