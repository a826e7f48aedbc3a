"""What a broker's ``server.properties`` says, in KRaft mode: each node is broker and controller."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.kafka.bus import MAX_LETTER_BYTES
from infra.local.ports import LOOPBACK
from infra.settings import SecurityProtocol
from tests.support.cluster.certificates import Certificates
from tests.support.cluster.credentials import USER, ClusterCredentials

OPEN_LISTENERS: Final[dict[str, SecurityProtocol]] = {"CLIENT": "PLAINTEXT", "CONTROLLER": "PLAINTEXT"}
SECURE_LISTENERS: Final[dict[str, SecurityProtocol]] = {
    "CLIENT": "SASL_SSL", "MUTUAL": "SSL", "CLEAR": "SASL_PLAINTEXT", "CONTROLLER": "SSL"
}  # fmt: skip
"""By name. MUTUAL asks for a client certificate, as CONTROLLER does, and the brokers use it among themselves."""

_PACKAGE: Final = "org.apache.kafka.common.security"
OVERHEAD_BYTES: Final = 100_000
"""A message's envelope in its batch, with room."""


@dataclass(frozen=True, slots=True)
class Node:
    """One broker. `ports` has a port for each listener's name, `certificates` is None without security."""

    number: int
    ports: dict[str, int]
    directory: Path
    certificates: Certificates | None

    @property
    def listeners(self) -> dict[str, SecurityProtocol]:
        """Its listeners' protocols by name."""
        return SECURE_LISTENERS if self.certificates else OPEN_LISTENERS


def properties(node: Node, nodes: tuple[Node, ...], partitions: int, credentials: ClusterCredentials) -> dict[str, str]:
    """The configuration of `node` in the cluster of `nodes`."""
    configured = _identity(node, nodes) | _durability(node, len(nodes), partitions) | _frugality()
    return configured | (_security(node.certificates, credentials) if node.certificates else {})


def minimum_in_sync(brokers: int) -> int:
    """Copies that a confirmed message has at the least: with three brokers, one may be lost at any time."""
    return min(2, brokers)


def _identity(node: Node, nodes: tuple[Node, ...]) -> dict[str, str]:
    where = {name: f"{name}://{LOOPBACK}:{node.ports[name]}" for name in node.listeners}
    advertised = [address for name, address in where.items() if name != "CONTROLLER"]
    return {
        "process.roles": "broker,controller",
        "node.id": str(node.number),
        "controller.quorum.voters": ",".join(
            f"{other.number}@{LOOPBACK}:{other.ports['CONTROLLER']}" for other in nodes
        ),
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "MUTUAL" if node.certificates else "CLIENT",
        "listeners": ",".join(where.values()),
        "advertised.listeners": ",".join(advertised),
        "listener.security.protocol.map": ",".join(f"{name}:{protocol}" for name, protocol in node.listeners.items()),
    }


def _durability(node: Node, brokers: int, partitions: int) -> dict[str, str]:
    """Every topic has a copy on every broker, the internal ones too."""
    copies, in_sync = str(brokers), str(minimum_in_sync(brokers))
    return {
        "log.dirs": str(node.directory / "log"),
        "auto.create.topics.enable": "false",
        "num.partitions": str(partitions),
        "default.replication.factor": copies,
        "min.insync.replicas": in_sync,
        "offsets.topic.replication.factor": copies,
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": in_sync,
        "message.max.bytes": str(MAX_LETTER_BYTES + OVERHEAD_BYTES),
        "replica.fetch.max.bytes": str(MAX_LETTER_BYTES + OVERHEAD_BYTES),
    }


def _frugality() -> dict[str, str]:
    """Fewer threads, buffers and internal partitions than a machine of its own would have."""
    return {
        "offsets.topic.num.partitions": "8",
        "transaction.state.log.num.partitions": "4",
        "num.network.threads": "2",
        "num.io.threads": "4",
        "log.cleaner.dedupe.buffer.size": str(8 * 1024 * 1024),
        "group.initial.rebalance.delay.ms": "0",
        "controlled.shutdown.enable": "true",
    }


def _security(certificates: Certificates, credentials: ClusterCredentials) -> dict[str, str]:
    stores = {
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(certificates.both("server")),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(certificates.ca_file),
        "listener.name.mutual.ssl.client.auth": "required",
        "listener.name.controller.ssl.client.auth": "required",
        "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
    }
    password = credentials.kafka_password.get_secret_value()
    logins = {
        "plain": f'{_PACKAGE}.plain.PlainLoginModule required user_{USER}="{password}";',
        "scram-sha-256": f"{_PACKAGE}.scram.ScramLoginModule required;",
        "scram-sha-512": f"{_PACKAGE}.scram.ScramLoginModule required;",
    }
    return stores | {
        f"listener.name.{listener}.{mechanism}.sasl.jaas.config": module
        for listener in ("client", "clear")
        for mechanism, module in logins.items()
    }
