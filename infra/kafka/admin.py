"""The topics of the catalogue, created once and checked ever after."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from infra.kafka.bus import limit_of
from infra.kafka.security import Brokers, addresses_of, advice, at, client_options, where
from schemas.errors import BusUnavailable
from schemas.topics import CATALOGUE, Topic

REQUEST_MS: Final = 10_000
"""One admin request; creating the catalogue takes 0.25 s on the embedded broker."""


ANSWER_MS: Final = 4_000
"""One request of a probe: it ends by itself, for aiokafka leaves a connection open whose opening is cancelled."""


async def create_topics(
    brokers: Brokers,
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
    async with _admin(brokers) as client:
        present = await _partition_counts(client)
        _check_counts({name: present[name] for name in wanted.keys() & present.keys()}, partitions)
        missing = [topic for name, topic in wanted.items() if name not in present]
        if missing:
            answer = await client.create_topics([_new(topic, partitions, replication_factor) for topic in missing])
            _check_answer(answer.topic_errors)
        return tuple(topic.name for topic in missing)


async def wait_for_broker(brokers: Brokers, timeout: float) -> None:  # noqa: ASYNC109 - it bounds the retries
    """Return once the broker answers a metadata request; raise `BusUnavailable` after `timeout` seconds."""
    try:
        async with asyncio.timeout(timeout):
            alone = [at(address, brokers) for address in addresses_of(brokers)]
            while not any([await broker_answers(broker) for broker in alone]):  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise _unavailable(brokers, f"no answer in {timeout:g} s") from None


async def wait_for_brokers(brokers: Brokers, count: int, timeout: float) -> None:  # noqa: ASYNC109
    """Return once the cluster counts `count` brokers: one that answers may be alone, and `count` copies be refused.

    Raises `BusUnavailable` after `timeout` seconds.
    """
    try:
        async with asyncio.timeout(timeout):
            await wait_for_broker(brokers, timeout)
            while await count_brokers(brokers) < count:  # noqa: ASYNC110 - other processes
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise _unavailable(brokers, f"fewer than {count} brokers have met within {timeout:g} s") from None


async def broker_answers(broker: Brokers | str) -> bool:
    """Does `broker`, one address, answer a metadata request?"""
    brokers: Brokers = (broker,) if isinstance(broker, str) else broker
    host, _, port = addresses_of(brokers)[0].rpartition(":")
    try:
        _, writer = await asyncio.open_connection(host, int(port))  # aiokafka would log each attempt that fails
        writer.close()
        async with _admin(brokers, ANSWER_MS) as client:
            await client.list_topics()
    except (OSError, BusUnavailable):
        return False
    return True


async def count_brokers(brokers: Brokers) -> int:
    """How many brokers the cluster has at present. Raises `BusUnavailable`."""
    async with _admin(brokers) as client:
        return len((await client.describe_cluster())["brokers"])


@asynccontextmanager
async def _admin(brokers: Brokers, request_ms: int = REQUEST_MS) -> AsyncIterator[AIOKafkaAdminClient]:
    client = AIOKafkaAdminClient(**client_options(brokers), client_id="brushfire-admin", request_timeout_ms=request_ms)
    try:
        await client.start()
        yield client
    except (KafkaError, OSError) as error:
        raise _unavailable(brokers, f"{type(error).__name__}: {error}") from error
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
        if code and error is not TopicAlreadyExistsError:  # another process was faster
            raise BusUnavailable(f"the broker does not create topic {name}: {error.__name__}: {message or ''}")


def _new(topic: Topic, partitions: int, replication_factor: int) -> NewTopic:
    policy = {"cleanup.policy": "compact"} if topic.compacted else {"retention.ms": str(topic.retention_ms)}
    limits = {"max.message.bytes": str(limit_of(topic.name))}  # Apache Kafka's own default is 1 MB
    return NewTopic(topic.name, partitions, replication_factor, topic_configs=policy | limits)


def _unavailable(brokers: Brokers, reason: str) -> BusUnavailable:
    return BusUnavailable(
        f"the broker at {where(brokers)} does not answer ({reason}): check that it runs and that "
        f"{advice(brokers)} are right"
    )
