"""Topics, sending and reading on Apache Kafka, in every way in which its brokers can be reached."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import aclosing
from itertools import product
from uuid import uuid4

import pytest
from pydantic import SecretStr

from infra.kafka.admin import broker_answers, create_topics, wait_for_broker
from infra.kafka.bus import ENVELOPE_BYTES, MAX_MESSAGE_BYTES, Bus
from infra.kafka.security import Brokers
from infra.kafka.tail import follow, read_all
from infra.settings import KafkaSettings
from schemas.errors import BusUnavailable, InvalidSettings
from schemas.signals import Signal
from schemas.topics import BRIEFS, CATALOGUE, SIGNALS
from tests.support.cluster import ClusterStack
from tests.support.cluster.certificates import make_certificates
from tests.support.factories import make_signal

pytestmark = pytest.mark.cluster

WAYS = [
    ("SSL", "SCRAM-SHA-512"),
    *product(("SASL_SSL", "SASL_PLAINTEXT"), ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")),
]


@pytest.fixture(params=[("PLAINTEXT", ""), *WAYS], ids=lambda way: "-".join(filter(None, way)))
def kafka(request: pytest.FixtureRequest) -> KafkaSettings:
    protocol, mechanism = request.param
    if protocol == "PLAINTEXT":
        settings: KafkaSettings = request.getfixturevalue("open_cluster").settings.kafka
        return settings
    stack: ClusterStack = request.getfixturevalue("secure_cluster")
    return stack.kafka(protocol, mechanism)


@pytest.fixture(scope="module", autouse=True)
def no_chatter() -> Iterator[None]:
    """aiokafka logs each refused connection; the tests look at the errors."""
    logger = logging.getLogger("aiokafka")
    before, logger.level = logger.level, logging.CRITICAL
    yield
    logger.level = before


async def test_what_is_sent_is_read(kafka: KafkaSettings) -> None:
    await create_topics(kafka, kafka.partitions, kafka.replication_factor)
    assert await create_topics(kafka, kafka.partitions, kafka.replication_factor) == ()
    topics = [f"trend {uuid4().hex}" for _ in range(20)]
    async with Bus(kafka) as bus:
        await bus.send_all((SIGNALS, topic, make_signal(topic)) for topic in topics)
    found = await read_all(kafka, [SIGNALS])
    assert {event.topic for event in found if isinstance(event, Signal)} >= set(topics)
    assert await _sees(kafka, topics[-1])


async def _sees(kafka: Brokers, topic: str) -> bool:
    async with asyncio.timeout(20), aclosing(follow(kafka, [SIGNALS])) as events:
        async for event in events:
            if isinstance(event, Signal) and event.topic == topic:
                return True
    return False


async def test_a_message_of_nearly_the_greatest_size_is_taken(open_cluster: ClusterStack) -> None:
    kafka = open_cluster.settings.kafka
    await create_topics(kafka, kafka.partitions)
    async with Bus(kafka) as bus:
        await bus.send_bytes(BRIEFS.name, b"k", bytes(MAX_MESSAGE_BYTES - ENVELOPE_BYTES))


async def test_every_topic_of_the_catalogue_is_there_and_wrong_partitions_are_refused(
    open_cluster: ClusterStack,
) -> None:
    kafka = open_cluster.settings.kafka
    await create_topics(kafka, kafka.partitions, topics=CATALOGUE)
    with pytest.raises(BusUnavailable, match=rf"kafka\.partitions is 5.*{BRIEFS.name} \(4\)"):
        await create_topics(kafka, 5)


async def test_addresses_alone_mean_plaintext(open_cluster: ClusterStack) -> None:
    assert open_cluster.settings.kafka.addresses
    await wait_for_broker(open_cluster.settings.kafka.addresses, 10)


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
async def test_a_wrong_password_is_refused_and_not_told(
    secure_cluster: ClusterStack, mechanism: str, caplog: pytest.LogCaptureFixture
) -> None:
    right = secure_cluster.kafka("SASL_SSL", mechanism)  # type: ignore[arg-type]
    wrong = right.model_copy(update={"password": SecretStr("open-sesame")})
    logging.getLogger("aiokafka").level = logging.DEBUG
    with (
        caplog.at_level(logging.DEBUG),
        pytest.raises(BusUnavailable, match=r"kafka\.user and kafka\.password") as told,
    ):
        async with Bus(wrong):
            pass
    logging.getLogger("aiokafka").level = logging.CRITICAL
    assert "open-sesame" not in str(told.value) + repr(told.value) + caplog.text + repr(wrong)
    assert not await broker_answers(wrong)


async def test_a_broker_with_a_certificate_of_another_authority_is_not_spoken_to(
    secure_cluster: ClusterStack, tmp_path: object
) -> None:
    other = make_certificates(secure_cluster.directory.root / "other")
    wrong = secure_cluster.settings.kafka.model_copy(update={"ca_file": other.ca_file})
    with pytest.raises(BusUnavailable, match=r"kafka\.ca_file"):
        await read_all(wrong, [SIGNALS])


async def test_a_client_without_a_certificate_is_refused_where_one_is_asked_for(secure_cluster: ClusterStack) -> None:
    nameless = secure_cluster.kafka("SSL").model_copy(update={"certificate_file": None, "key_file": None})
    with pytest.raises(BusUnavailable, match=r"kafka\.certificate_file"):
        async with Bus(nameless):
            pass


async def test_a_pem_file_that_is_none_is_named(secure_cluster: ClusterStack) -> None:
    wrong = secure_cluster.settings.kafka.model_copy(update={"ca_file": secure_cluster.directory.lock_file})
    with pytest.raises(InvalidSettings, match=r"kafka: .*lock cannot be read as PEM"):
        await create_topics(wrong, 4)
