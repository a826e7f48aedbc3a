"""The embedded servers from start to stop, and what happens when they are killed."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from infra.kafka.admin import create_topics
from infra.local.data_directory import DataDirectory
from infra.local.discovery import read_running
from infra.local.stack import EmbeddedStack, stack_for
from infra.settings import LocalSettings, Settings
from infra.storage.minio_store import MinioStore
from schemas.errors import PortTaken, StackError
from schemas.topics import SIGNALS
from tests.support.stack import servers_of, wait_until

pytestmark = pytest.mark.stack

STARTS_A_STACK = """
import asyncio, sys
from pathlib import Path
from infra.local.stack import stack_for
from infra.settings import load

async def main():
    async with stack_for(load(data=Path(sys.argv[1]), ephemeral=True)):
        print("running", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


def foreign_run(data: Path) -> subprocess.Popen[str]:
    """Another process that has a stack running on `data`."""
    process = subprocess.Popen([sys.executable, "-c", STARTS_A_STACK, str(data)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "running\n"
    return process


def listening(processes: list[psutil.Process]) -> list[Any]:
    return [c.laddr for process in processes for c in process.net_connections() if c.status == "LISTEN"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def assert_stopped(data: Path) -> None:
    assert servers_of(data) == []
    directory = DataDirectory(data)
    assert not directory.discovery.exists()
    assert not directory.processes.exists()
    assert not directory.ephemeral_store.exists()
    directory.lock()
    directory.unlock()


async def test_it_listens_on_loopback_alone_and_leaves_nothing(tmp_path: Path) -> None:
    port = free_port()
    settings = Settings(data=tmp_path, ephemeral=True, local=LocalSettings(broker_port=port))
    assert read_running(settings) is None
    async with stack_for(settings) as stack:
        assert stack.settings.kafka.addresses == (f"127.0.0.1:{port}",)
        servers = servers_of(tmp_path)
        assert len(servers) == 2
        wait_until(lambda: len(listening(servers)) == 11)  # the store's administration comes up last
        assert {address.ip for address in listening(servers)} == {"127.0.0.1"}
        assert read_running(settings) == stack.settings
        secret = stack.settings.store.secret_key
        assert secret is not None
        assert not any(secret.get_secret_value() in " ".join(server.cmdline()) for server in servers)
        assert DataDirectory(tmp_path).credentials.stat().st_mode & 0o777 == 0o600
    await stack.stop()
    assert read_running(settings) is None
    assert_stopped(tmp_path)


async def test_a_durable_stack_keeps_topics_and_objects_through_kill_9(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    stack = EmbeddedStack(settings)
    resolved = await stack.start()
    assert resolved.kafka.addresses
    assert len(await create_topics(resolved.kafka.addresses, 4)) > 10
    async with MinioStore(resolved.store) as store:
        for number in range(30):
            await store.create(f"sha256/{number}", b"%d" % number)
    for server in servers_of(tmp_path):
        server.kill()
    await stack.stop()
    assert_stopped(tmp_path)
    DataDirectory(tmp_path).ports.unlink()  # they may be taken by the time of the next start
    async with stack_for(settings) as again, MinioStore(again.settings.store) as store:
        assert again.settings.store.endpoint != resolved.store.endpoint
        assert await create_topics(again.settings.kafka.addresses or (), 4) == ()
        assert [await store.get(f"sha256/{number}") for number in range(30)] == [b"%d" % n for n in range(30)]
        assert await store.create("sha256/new", b"new")


async def test_killed_servers_come_back_on_their_ports_with_every_message(tmp_path: Path) -> None:
    events: list[tuple[str, str]] = []
    settings = Settings(data=tmp_path)
    async with EmbeddedStack(settings, on_event=lambda name, kind, _: events.append((name, kind))) as stack:
        addresses = stack.settings.kafka.addresses
        assert addresses
        await create_topics(addresses, 4)
        producer = AIOKafkaProducer(bootstrap_servers=list(addresses), acks="all")
        async with producer, asyncio.timeout(30):
            sent = [await producer.send_and_wait(SIGNALS.name, b"%d" % number) for number in range(20)]
            await kill_all(stack)
            sent.append(await producer.send_and_wait(SIGNALS.name, b"20"))  # the open connection is lost on the way
        consumer = AIOKafkaConsumer(SIGNALS.name, bootstrap_servers=list(addresses), auto_offset_reset="earliest")
        async with consumer, asyncio.timeout(20):
            got = {(await consumer.getone()).value for _ in sent}
        assert got == {b"%d" % number for number in range(21)}
        assert events.count(("store", "restarting")) == 1
    assert_stopped(tmp_path)


async def kill_all(stack: EmbeddedStack) -> None:
    """SIGKILL for every server; returns when they are ready again."""
    before = stack.supervisor.pids()
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    async with asyncio.timeout(20):
        while stack.supervisor.pids().keys() != before.keys() or stack.supervisor.pids() == before:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        for name in before:
            await stack.supervisor.wait_ready(name)


async def test_a_second_run_is_refused_and_a_killed_ones_servers_are_ended(tmp_path: Path) -> None:
    process = foreign_run(tmp_path)
    try:
        with pytest.raises(StackError, match=f"in use by the run with process number {process.pid}"):
            await EmbeddedStack(Settings(data=tmp_path, ephemeral=True)).start()
        assert len(servers_of(tmp_path)) == 2
    finally:
        process.kill()
        process.communicate()
    wait_until(lambda: not servers_of(tmp_path) or sys.platform != "linux")  # the kernel ends them with their parent
    assert DataDirectory(tmp_path).processes.exists()
    assert read_running(Settings(data=tmp_path)) is None
    async with EmbeddedStack(Settings(data=tmp_path, ephemeral=True)):
        assert len(servers_of(tmp_path)) == 2
    assert_stopped(tmp_path)


async def test_an_asked_port_that_is_taken_is_refused(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings = Settings(data=tmp_path, ephemeral=True, local=LocalSettings(broker_port=port))
        with pytest.raises(PortTaken, match=rf"port {port} \(broker\) is in use"):
            await EmbeddedStack(settings).start()
    assert_stopped(tmp_path)


async def test_a_cancelled_start_leaves_nothing(tmp_path: Path) -> None:
    started = asyncio.Event()
    stack = EmbeddedStack(Settings(data=tmp_path, ephemeral=True), on_event=lambda *_: started.set())
    start = asyncio.create_task(stack.start())
    await started.wait()
    start.cancel()
    with pytest.raises(asyncio.CancelledError):
        await start
    assert_stopped(tmp_path)


async def test_settings_that_name_both_servers_start_none(running_stack: Settings, tmp_path: Path) -> None:
    settings = running_stack.model_copy(update={"data": tmp_path / "unused"})
    async with stack_for(settings) as stack:
        assert stack.settings == settings
        assert stack.supervisor.pids() == {}
    assert not settings.data.exists()
