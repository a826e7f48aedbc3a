"""The topics of the catalogue, created once and checked ever after."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from schemas.errors import BusUnavailable
from schemas.topics import CATALOGUE, Topic

REQUEST_MS: Final = 10_000
"""One admin request; creating the catalogue takes 0.25 s on the embedded broker."""


async def create_topics(
    addresses: Sequence[str],
    partitions: int,
    replication_factor: int = 1,
    *,
    topics: Iterable[Topic] = CATALOGUE,
) -> tuple[str, ...]:
    """Create those of `topics` that are missing, and return their names.

    Tables' changelog topics are faust's own business. Raises `BusUnavailable` where the broker does
    not answer or refuses, and, not retryable, where a topic has another number of partitions:
    keys would then meet in the wrong partition.
    """
    wanted = {topic.name: topic for topic in topics}
    async with _admin(addresses) as client:
        present = await _partition_counts(client)
        _check_counts({name: present[name] for name in wanted.keys() & present.keys()}, partitions)
        missing = [topic for name, topic in wanted.items() if name not in present]
        if missing:
            answer = await client.create_topics([_new(topic, partitions, replication_factor) for topic in missing])
            _check_answer(answer.topic_errors)
        return tuple(topic.name for topic in missing)


async def wait_for_broker(addresses: Sequence[str], timeout: float) -> None:  # noqa: ASYNC109 - it bounds the retries
    """Return once the broker answers a metadata request; raise `BusUnavailable` after `timeout` seconds."""
    try:
        async with asyncio.timeout(timeout):
            while not any([await broker_answers(address) for address in addresses]):  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise _unavailable(addresses, f"no answer in {timeout:g} s") from None


async def broker_answers(address: str) -> bool:
    """Does the broker at `address` answer a metadata request?"""
    host, _, port = address.rpartition(":")
    try:
        _, writer = await asyncio.open_connection(host, int(port))  # aiokafka would log each attempt that fails
        writer.close()
        async with _admin([address]) as client:
            await client.list_topics()
    except (OSError, BusUnavailable):
        return False
    return True


@asynccontextmanager
async def _admin(addresses: Sequence[str]) -> AsyncIterator[AIOKafkaAdminClient]:
    client = AIOKafkaAdminClient(
        bootstrap_servers=list(addresses), client_id="brushfire-admin", request_timeout_ms=REQUEST_MS
    )
    try:
        await client.start()
        yield client
    except (KafkaError, OSError) as error:
        raise _unavailable(addresses, f"{type(error).__name__}: {error}") from error
    finally:
        await client.close()


async def _partition_counts(client: AIOKafkaAdminClient) -> dict[str, int]:
    """Of all topics: to ask for one by name would create it on a broker that creates topics by itself."""
    return {topic["topic"]: len(topic["partitions"]) for topic in await client.describe_topics()}


def _check_counts(present: dict[str, int], partitions: int) -> None:
    wrong = {name: count for name, count in sorted(present.items()) if count != partitions}
    if wrong:
        names = ", ".join(f"{name} ({count})" for name, count in wrong.items())
        error = BusUnavailable(
            f"kafka.partitions is {partitions}, but these topics have another number: {names}. Set kafka.partitions "
            "to what they have, or let everything finish, delete them and start again"
        )
        error.retryable = False
        raise error


def _check_answer(topic_errors: Iterable[Any]) -> None:
    for name, code, message in topic_errors:
        error = for_code(code)
        if code and error is not TopicAlreadyExistsError:  # somebody was faster
            raise BusUnavailable(f"the broker does not create topic {name}: {error.__name__}: {message or ''}")


def _new(topic: Topic, partitions: int, replication_factor: int) -> NewTopic:
    policy = {"cleanup.policy": "compact"} if topic.compacted else {"retention.ms": str(topic.retention_ms)}
    return NewTopic(topic.name, partitions, replication_factor, topic_configs=policy)


def _unavailable(addresses: Sequence[str], reason: str) -> BusUnavailable:
    return BusUnavailable(
        f"the broker at {', '.join(addresses)} does not answer ({reason}): check that it runs and that "
        "kafka.addresses is right"
    )
