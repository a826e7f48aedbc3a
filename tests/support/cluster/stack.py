"""Apache Kafka and MinIO as one thing that starts, runs and stops, as the embedded stack does."""

from __future__ import annotations

import asyncio
import shutil
from typing import Any, Final, Literal, Self

from pydantic import SecretStr

from infra.deploy.store_access import grant
from infra.kafka.admin import wait_for_brokers
from infra.local.data_directory import DataDirectory
from infra.local.ports import LOOPBACK, choose_ports
from infra.local.processes import ProcessRecord
from infra.local.specs import OnEvent
from infra.local.supervisor import Supervisor, completed
from infra.settings import KafkaSettings, SaslMechanism, SecurityProtocol, Settings, StoreSettings
from tests.support.cluster import kafka_properties, minio_server
from tests.support.cluster.certificates import Certificates, make_certificates
from tests.support.cluster.credentials import ROOT, USER, ClusterCredentials, load_or_create
from tests.support.cluster.kafka_install import java, kafka_libraries
from tests.support.cluster.kafka_properties import OPEN_LISTENERS, SECURE_LISTENERS, Node
from tests.support.cluster.kafka_server import broker_name, format_storage, kafka_spec
from tests.support.cluster.minio_install import minio_program

_LISTENER_OF: Final = {protocol: name for name, protocol in SECURE_LISTENERS.items() if name != "CONTROLLER"}


class ClusterStack:
    """One or three Kafka brokers and a MinIO on the loopback interface, with their data in ``settings.data/cluster``.

    With three brokers every topic has three copies, two of which confirm a message. `secure` turns on TLS and
    SASL for Kafka and TLS for MinIO; the store's user has the worker policy of `infra.deploy` in any case, so
    that what runs here runs with those rights. With `settings.ephemeral` the data goes at the start and the stop.

    `supervisor` names the brokers ``kafka-1`` and so on and the store ``minio``, and takes workers too.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        brokers: Literal[1, 3] = 1,
        secure: bool = False,
        on_event: OnEvent | None = None,
    ) -> None:
        self.settings = settings
        self.directory = DataDirectory(settings.data)
        self._brokers = brokers
        self._secure = secure
        self._record = ProcessRecord(self.directory.processes)
        self.supervisor = Supervisor(record=self._record, on_event=on_event)
        self._root = self.directory.root / "cluster"
        self._certificates: Certificates | None = None
        self._credentials: ClusterCredentials | None = None
        self._nodes: tuple[Node, ...] = ()
        self._ports: dict[str, int] = {}
        self._locked = False

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> Settings:
        """Start the servers, the brokers beside the store, and return the settings with their addresses.

        Raises `StackError`, also where a server is not installed; nothing is left running then.
        """
        try:
            credentials = await asyncio.to_thread(self._prepare)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._start_store(credentials))
                group.create_task(self._start_brokers(credentials))
        except BaseExceptionGroup as errors:
            await self.stop()
            raise _first(errors) from None
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

    def kafka(self, protocol: SecurityProtocol, mechanism: SaslMechanism = "SCRAM-SHA-512") -> KafkaSettings:
        """The settings by which a client reaches the brokers in another way: each protocol has its listener."""
        chosen: dict[str, Any] = {"security_protocol": protocol, "sasl_mechanism": mechanism}
        listener = _LISTENER_OF[protocol] if self._secure else "CLIENT"
        chosen["addresses"] = tuple(f"{LOOPBACK}:{node.ports[listener]}" for node in self._nodes)
        chosen |= {"replication_factor": self._brokers, "partitions": self.settings.kafka.partitions}
        if protocol in {"SASL_SSL", "SASL_PLAINTEXT"} and self._credentials:
            chosen |= {"user": USER, "password": self._credentials.kafka_password}
        if protocol in {"SASL_SSL", "SSL"} and self._certificates:
            chosen["ca_file"] = self._certificates.ca_file
        if protocol == "SSL" and self._certificates:
            mine = self._certificates
            chosen |= {"certificate_file": mine.certificate("client"), "key_file": mine.key("client")}
        return KafkaSettings(**chosen)

    def store(self, access_key: str, secret_key: SecretStr) -> StoreSettings:
        """The settings by which that user reaches the store."""
        where = {
            "endpoint": f"{LOOPBACK}:{self._ports[minio_server.NAME]}",
            "access_key": access_key,
            "secret_key": secret_key,
            "secure": self._secure,
            "ca_file": self._certificates.ca_file if self._certificates else None,
            "directory": self._root / "minio",
        }
        return self.settings.store.model_copy(update=where)

    def root_store(self) -> StoreSettings:
        """The store as its administrator reaches it: for setting up users and buckets."""
        assert self._credentials is not None, "the stack is not started"
        return self.store(ROOT, self._credentials.store_root_password)

    def _prepare(self) -> ClusterCredentials:
        """Take the data directory, clear what a killed run left, and make what the servers need."""
        for check in (java, kafka_libraries, minio_program):
            check()
        self.directory.lock()
        self._locked = True
        self._record.end_orphans()
        self._clear()
        self._root.mkdir(mode=0o700, exist_ok=True)
        self._certificates = make_certificates(self._root / "certificates") if self._secure else None
        self._ports = self._choose_ports()
        self._nodes = tuple(self._node(number) for number in range(1, self._brokers + 1))
        self._credentials = load_or_create(self._root / "credentials.json")
        return self._credentials

    def _choose_ports(self) -> dict[str, int]:
        listeners = SECURE_LISTENERS if self._secure else OPEN_LISTENERS
        brokers = [broker_name(number) for number in range(1, self._brokers + 1)]
        names = [f"{broker}-{listener.lower()}" for broker in brokers for listener in listeners]
        local = self.settings.local
        fixed = {minio_server.NAME: local.store_port, f"{broker_name(1)}-client": local.broker_port}
        return choose_ports([*names, *minio_server.PORTS], fixed, self.directory.ports)

    def _node(self, number: int) -> Node:
        name, listeners = broker_name(number), SECURE_LISTENERS if self._secure else OPEN_LISTENERS
        ports = {listener: self._ports[f"{name}-{listener.lower()}"] for listener in listeners}
        return Node(number, ports, self._root / name, self._certificates)

    async def _start_store(self, credentials: ClusterCredentials) -> None:
        seconds, directory = self.settings.local.start_seconds, self._root / "minio"
        spec = minio_server.minio_spec(
            directory, self.directory.logs, credentials, self._ports, self._certificates, seconds
        )
        await self.supervisor.start(spec)
        await asyncio.to_thread(grant, self.root_store(), USER, credentials.store_secret_key)
        store = self.store(USER, credentials.store_secret_key)
        self.settings = self.settings.model_copy(update={"store": store})

    async def _start_brokers(self, credentials: ClusterCredentials) -> None:
        """All at once: a broker is ready only when most of them have met."""
        kafka, partitions = self.kafka("SASL_SSL" if self._secure else "PLAINTEXT"), self.settings.kafka.partitions
        async with asyncio.TaskGroup() as group:
            for node in self._nodes:
                text = kafka_properties.properties(node, self._nodes, partitions, credentials)
                group.create_task(self._start_broker(node, text, kafka, credentials))
        await wait_for_brokers(kafka, self._brokers, self.settings.local.start_seconds)
        self.settings = self.settings.model_copy(update={"kafka": kafka})

    async def _start_broker(
        self, node: Node, properties: dict[str, str], kafka: KafkaSettings, credentials: ClusterCredentials
    ) -> None:
        await format_storage(node, properties, credentials)
        own = kafka.model_copy(update={"addresses": (f"{LOOPBACK}:{node.ports['CLIENT']}",)})
        await self.supervisor.start(kafka_spec(node, self.directory.logs, own, self.settings.local.start_seconds))

    async def _stop(self) -> None:
        """The workers first, then the servers all at once: brokers one by one would wait for a lost majority."""
        servers = {minio_server.NAME, *(broker_name(node.number) for node in self._nodes)}
        workers = [name for name in self.supervisor.pids() if name not in servers]
        if workers:
            await self.supervisor.stop(*workers)
        await asyncio.gather(*(self.supervisor.stop(name) for name in servers))
        await self.supervisor.stop()
        if self._locked:
            self._record.clear()
            await asyncio.to_thread(self._clear)
            self.directory.unlock()
            self._locked = False

    def _clear(self) -> None:
        if self.settings.ephemeral:
            shutil.rmtree(self._root, ignore_errors=True)


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """The error that the others follow from: a group's own text helps no one."""
    error = errors.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error
