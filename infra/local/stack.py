"""The servers as one thing that starts, runs and stops: embedded ones, or those that the settings name."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Self

from infra.kafka.admin import wait_for_brokers
from infra.local import seaweed, tansu
from infra.local.credentials import Credentials, load_or_create
from infra.local.data_directory import DataDirectory
from infra.local.discovery import announce
from infra.local.ports import LOOPBACK, choose_ports, remembered_ports
from infra.local.processes import ProcessRecord
from infra.local.specs import OnEvent
from infra.local.supervisor import Supervisor, completed
from infra.settings import Settings
from infra.storage.buckets import ensure_bucket


class EmbeddedStack:
    """The servers that the settings leave open, on the loopback interface, with their data in `settings.data`.

    Durable by default: the broker keeps its log in the store. With `settings.ephemeral` the broker keeps it in
    memory and the store's directory is emptied at the start and at the stop.

    `supervisor` takes the workers too: they are then recorded, and stopped before the servers.
    """

    def __init__(self, settings: Settings, *, on_event: OnEvent | None = None) -> None:
        self.settings = settings
        self.directory = DataDirectory(settings.data)
        self._record = ProcessRecord(self.directory.processes)
        self.supervisor = Supervisor(record=self._record, on_event=on_event)
        self._ports: dict[str, int] = {}
        self._locked = False

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> Settings:
        """Start what is to be started and return the settings with its addresses.

        Raises `StackError` (`PortTaken`); nothing is left running then.
        """
        try:
            await asyncio.to_thread(self._prepare)
            if self.settings.store.endpoint is None:
                await self._start_store()
            if self.settings.kafka.addresses is None:
                await self._start_broker()
            announce(self.directory, self.settings, own_credentials=bool(self._ports.get(seaweed.NAME)))
        except BaseException:
            await self.stop()
            raise
        return self.settings

    async def stop(self) -> None:
        """Stop everything and give the data directory back. Idempotent, and complete even if cancelled."""
        await completed(self._stop())

    async def failed(self) -> None:
        """Wait until a process is given up, and raise its `StackError`."""
        await self.supervisor.failed()

    def _prepare(self) -> None:
        """Take the data directory and clear what a killed run left in it."""
        self.directory.lock()
        self._locked = True
        self._record.end_orphans()
        self._clear()
        local, names = self.settings.local, list(self._wanted_ports())
        fixed = {seaweed.NAME: local.store_port, tansu.NAME: local.broker_port}
        self._ports = choose_ports(names, fixed, self.directory.ports)

    def _wanted_ports(self) -> tuple[str, ...]:
        store = seaweed.PORTS if self.settings.store.endpoint is None else ()
        return (*store, tansu.NAME) if self.settings.kafka.addresses is None else store

    async def _start_store(self) -> None:
        credentials = load_or_create(self.directory.credentials)
        data = self.directory.ephemeral_store if self.settings.ephemeral else self.directory.store
        seconds = self.settings.local.start_seconds
        await self.supervisor.start(seaweed.seaweed_spec(data, self.directory.logs, credentials, self._ports, seconds))
        self._resolve_store(credentials, data)
        await asyncio.to_thread(ensure_bucket, self.settings.store)

    async def _start_broker(self) -> None:
        port, seconds = self._ports[tansu.NAME], self.settings.local.start_seconds
        store = None if self.settings.ephemeral else self.settings.store
        if store is not None:
            log = store.model_copy(update={"bucket": tansu.broker_bucket(store)})
            await asyncio.to_thread(ensure_bucket, log, expiring={})
        await self.supervisor.start(tansu.tansu_spec(port, self.directory.logs, store, seconds))
        addresses = (f"{LOOPBACK}:{port}",)
        kafka = self.settings.kafka.model_copy(update={"addresses": addresses, "embedded": True})
        self.settings = self.settings.model_copy(update={"kafka": kafka})

    def _resolve_store(self, credentials: Credentials, data: Path) -> None:
        where = {"endpoint": f"{LOOPBACK}:{self._ports[seaweed.NAME]}", "secure": False, "directory": data}
        keys = {"access_key": credentials.access_key, "secret_key": credentials.secret_key}
        store = self.settings.store.model_copy(update=where | keys)
        self.settings = self.settings.model_copy(update={"store": store})

    async def _stop(self) -> None:
        await self.supervisor.stop()
        if self._locked:
            self._record.clear()
            await asyncio.to_thread(self._clear)
            self.directory.unlock()
            self._locked = False

    def _clear(self) -> None:
        """Remove what is of this run alone."""
        self.directory.discovery.unlink(missing_ok=True)
        shutil.rmtree(self.directory.ephemeral_store, ignore_errors=True)
        seaweed.remove_sockets(remembered_ports(self.directory.ports))


class ExternalStack:
    """Broker and store as the settings name them. Only what `supervisor` is given is started here."""

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
        """Wait until a process has been given up, and raise its `StackError`."""
        await self.supervisor.failed()


def stack_for(settings: Settings, *, on_event: OnEvent | None = None) -> EmbeddedStack | ExternalStack:
    """The stack that `settings` ask for; use it with ``async with`` or by `start` and `stop`.

    Settings that name both servers start none.
    """
    if settings.kafka.addresses and settings.store.endpoint:
        return ExternalStack(settings, on_event=on_event)
    return EmbeddedStack(settings, on_event=on_event)
