"""What works around the embedded broker is applied to it, and to no other broker."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from aiokafka import TopicPartition
from aiokafka.consumer import consumer as aiokafka_consumer
from aiokafka.consumer.group_coordinator import GroupCoordinator

from infra.kafka import ends
from infra.kafka.embedded import groups
from infra.kafka.security import client_options, is_embedded, member_options
from infra.local.data_directory import DataDirectory
from infra.local.discovery import announce, read_running
from infra.settings import KafkaSettings, Settings, StoreSettings, environment

APACHE = KafkaSettings(addresses=("kafka-1:9092",))
EMBEDDED = KafkaSettings(addresses=("127.0.0.1:20000",), embedded=True)
PLACE = TopicPartition("topic", 0)


@pytest.fixture(autouse=True)
def coordinator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aiokafka_consumer, "GroupCoordinator", GroupCoordinator)


def test_brokers_are_apache_kafka_unless_the_stack_says_otherwise() -> None:
    assert not KafkaSettings().embedded
    assert not is_embedded(APACHE)
    assert not is_embedded(["127.0.0.1:20000"])
    assert is_embedded(EMBEDDED)


def test_a_member_of_a_group_on_apache_kafka_is_aiokafkas_own() -> None:
    assert member_options(APACHE) == client_options(APACHE)
    assert aiokafka_consumer.GroupCoordinator is GroupCoordinator


def test_a_member_of_a_group_on_the_embedded_broker_names_its_process() -> None:
    options = member_options(EMBEDDED)
    assert not groups.has_ended(f"{options['client_id']}-0b5c8a")
    assert aiokafka_consumer.GroupCoordinator is groups.EmbeddedCoordinator


def test_a_member_has_ended_with_its_process_even_if_another_has_its_number() -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    created = psutil.Process(process.pid).create_time()
    assert not groups.has_ended(f"brushfire-process-{process.pid}-{created:.0f}-x")
    assert groups.has_ended(f"brushfire-process-{process.pid}-{created - 60:.0f}-x")
    process.communicate()
    assert groups.has_ended(f"brushfire-process-{process.pid}-{created:.0f}-x")
    assert not groups.has_ended("rdkafka-7f-x"), "of this one nothing is known"


def test_child_processes_and_other_commands_learn_which_broker_it_is(tmp_path: Path) -> None:
    store = StoreSettings(endpoint="127.0.0.1:1", access_key="a", secure=False)
    settings = Settings(data=tmp_path, kafka=EMBEDDED, store=store)
    assert environment(settings)["BRUSHFIRE_KAFKA__EMBEDDED"] == "true"
    announce(DataDirectory(tmp_path), settings, own_credentials=False)
    found = read_running(Settings(data=tmp_path))
    assert found
    assert found.kafka.embedded


class Answers:
    """A consumer that Apache Kafka answers."""

    async def end_offsets(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, 7)


async def test_apache_kafka_is_asked_where_a_partition_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    @asynccontextmanager
    async def opened(*_: Any, **__: Any) -> AsyncIterator[Answers]:
        yield Answers()

    async def looked(_: Any, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, 9)

    monkeypatch.setattr(ends, "lone_consumer", opened)
    monkeypatch.setattr(ends, "readable_ends", looked)
    assert await ends.end_offsets(APACHE, [PLACE]) == {PLACE: 7}
    assert await ends.end_offsets(EMBEDDED, [PLACE]) == {PLACE: 9}
