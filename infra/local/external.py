"""The stack that somebody else runs, with the same surface as the embedded one."""

from __future__ import annotations

import asyncio
from typing import Self

from infra.kafka.admin import wait_for_brokers
from infra.local.specs import OnEvent
from infra.local.supervisor import Supervisor
from infra.settings import Settings
from infra.storage.buckets import ensure_bucket


class ExternalStack:
    """Broker and store as the settings name them. Nothing is started but what `supervisor` is given."""

    def __init__(self, settings: Settings, *, on_event: OnEvent | None = None) -> None:
        self.settings = settings
        self.supervisor = Supervisor(on_event=on_event)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> Settings:
        """Check that the bucket is there and that the brokers answer, one for each copy at the least.

        Raises `BusUnavailable` or `StoreError`.
        """
        kafka = self.settings.kafka
        await wait_for_brokers(kafka, kafka.replication_factor, self.settings.local.start_seconds)
        await asyncio.to_thread(ensure_bucket, self.settings.store)
        return self.settings

    async def stop(self) -> None:
        """Stop what was started here."""
        await self.supervisor.stop()

    async def failed(self) -> None:
        """Wait until a process has crashed for good, and raise its `StackError`."""
        await self.supervisor.failed()
