"""Three brokers: what is confirmed survives the loss of one; and what was started is gone in the end."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import signal
from pathlib import Path
from typing import Any

import psutil
import pytest

from infra.kafka.admin import create_topics
from infra.kafka.bus import Bus
from infra.kafka.tail import read_all
from infra.settings import LocalSettings, Settings
from schemas.errors import PortTaken
from schemas.signals import Signal
from schemas.topics import SIGNALS
from tests.support.cluster import ClusterStack
from tests.support.command import assert_nothing_runs_on
from tests.support.factories import make_signal

pytestmark = [pytest.mark.cluster, pytest.mark.usefixtures("installed_servers")]


def listening(pids: dict[str, int]) -> set[str]:
    sockets: list[Any] = [c for pid in pids.values() for c in psutil.Process(pid).net_connections()]
    return {c.laddr.ip for c in sockets if c.status == "LISTEN"}


def is_loopback(address: str) -> bool:
    """Java's sockets show addresses of IPv4 mapped into IPv6."""
    return ipaddress.ip_address(address.removeprefix("::ffff:")).is_loopback


async def test_a_confirmed_message_survives_a_killed_broker(tmp_path: Path) -> None:
    stack = ClusterStack(Settings(data=tmp_path, ephemeral=True), brokers=3)
    async with stack:
        kafka = stack.settings.kafka
        before = stack.supervisor.pids()
        assert before.keys() == {"kafka-1", "kafka-2", "kafka-3", "minio"}
        assert listening(before)
        assert all(is_loopback(address) for address in listening(before))
        await create_topics(kafka, kafka.partitions, kafka.replication_factor)
        sent = await send_through_a_kill(kafka, before["kafka-2"])
        async with asyncio.timeout(60):
            await stack.supervisor.wait_ready("kafka-2")
        found = {event.topic for event in await read_all(kafka, [SIGNALS]) if isinstance(event, Signal)}
        assert found == sent
        assert stack.supervisor.pids()["kafka-2"] != before["kafka-2"]
    assert stack.supervisor.pids() == {}
    assert_nothing_runs_on(tmp_path)
    assert not (tmp_path / "cluster").exists()


async def send_through_a_kill(kafka: Any, pid: int) -> set[str]:
    """Send on and on, one after the other, while the broker `pid` is killed; the topics that were confirmed."""
    topics = [f"trend {number}" for number in range(300)]
    async with asyncio.timeout(90), Bus(kafka) as bus:
        for number, topic in enumerate(topics):
            if number == len(topics) // 3:
                os.kill(pid, signal.SIGKILL)
            await bus.send(SIGNALS, topic, make_signal(topic))
    return set(topics)


async def test_a_durable_cluster_keeps_topics_objects_and_credentials(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    async with ClusterStack(settings, secure=True) as stack:
        kafka = stack.settings.kafka
        await create_topics(kafka, kafka.partitions)
        secrets = (stack.settings.kafka.password, stack.settings.store.secret_key)
        assert not any(
            secret.get_secret_value() in " ".join(psutil.Process(pid).cmdline())
            for secret in secrets
            for pid in stack.supervisor.pids().values()
            if secret
        )
    async with ClusterStack(settings, secure=True) as again:
        assert await create_topics(again.settings.kafka, kafka.partitions) == ()
        assert (again.settings.kafka.password, again.settings.store.secret_key) == secrets
    private = [path for path in (tmp_path / "cluster").rglob("*") if path.suffix in {".key", ".pem", ".properties"}]
    assert private
    assert {path.name for path in private if path.stat().st_mode & 0o077} <= {"meta.properties"}
    assert_nothing_runs_on(tmp_path)


async def test_a_taken_port_starts_nothing(tmp_path: Path) -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        settings = Settings(data=tmp_path, ephemeral=True, local=LocalSettings(broker_port=port))
        with pytest.raises(PortTaken, match=rf"port {port} \(kafka-1-client\) is in use"):
            await ClusterStack(settings).start()
    assert_nothing_runs_on(tmp_path)
    assert not (tmp_path / "cluster").exists()


async def test_a_cancelled_start_leaves_nothing(tmp_path: Path) -> None:
    begun = asyncio.Event()
    stack = ClusterStack(Settings(data=tmp_path, ephemeral=True), on_event=lambda *_: begun.set())
    start = asyncio.create_task(stack.start())
    await begun.wait()
    start.cancel()
    with pytest.raises(asyncio.CancelledError):
        await start
    assert_nothing_runs_on(tmp_path)
    assert not (tmp_path / "cluster").exists()
