"""A faust app as every worker uses it: at least once, offset-safe, raw bytes, bounded prefetch."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Final

import faust
import structlog
from faust.auth import Credentials, SASLCredentials, SSLCredentials
from faust.tables.manager import TableManager

from infra.kafka.admin import create_topics
from infra.kafka.bus import BATCH_BYTES, MAX_MESSAGE_BYTES
from infra.kafka.consumer import use_offset_safe_consumer
from infra.kafka.guard import EXIT_UNSENT, Guard
from infra.kafka.security import member_options, password_of, tls_context
from infra.settings import KafkaSettings, Settings
from schemas.base import Event
from schemas.topics import Topic

log = structlog.get_logger()

SESSION_SECONDS: Final = 10.0
"""After this without a heartbeat a member counts as dead; a third of it is the heartbeat's interval."""
REBALANCE_MARGIN_SECONDS: Final = 15.0
"""A handler must end before the rebalance does, and the rebalance before its request."""


LEAST_PREFETCH: Final = 16
"""Messages read ahead at the least: with fewer, quick handlers wait for the fetch of each next message."""


CHANGELOG_LINGER_SECONDS: Final = 0.1
"""Changes of tables wait this long for company. No handler waits for them; each commit flushes them first."""


METADATA_MS: Final = 30_000
"""How often a member asks for new topics and brokers."""
STRAYS_SECONDS: Final = 2.0
"""How often to look for messages that reached no handler."""


class DeclaredTables(TableManager):
    """faust's table manager without its wait of a second for declarations: all tables are declared before the start."""

    async def on_start(self) -> None:
        """Start the tables and their recovery."""
        await self._update_channels()
        await self.recovery.start()


class ChangesArrive(faust.Sensor):
    """Ends the process when the app's own producer fails, which sends nothing but changes of tables.

    faust logs that a change was not confirmed and goes on: the message that caused it is committed all the same, and
    the change is missing once the table is recovered. Here the process ends first, with that message uncommitted, and
    the next one takes it up from the last change that arrived.
    """

    def on_send_error(self, producer: Any, exc: BaseException, state: Any) -> None:  # noqa: ARG002 - faust's names
        """A commit flushes the producer before it is sent, so this comes in time."""
        log.error("stopping: the broker does not confirm the change of a table", error=repr(exc))
        sys.stderr.flush()
        os._exit(EXIT_UNSENT)


def make_app(kind: str, settings: Settings, concurrency: int) -> Any:
    """The app of a worker kind: a consumer group of its own, prefetch bounded by `concurrency`."""
    addresses = settings.kafka.addresses
    if not addresses:
        raise ValueError("kafka.addresses is not resolved")
    folder = Path(settings.data) / "faust" / kind
    folder.mkdir(parents=True, exist_ok=True)
    prefetch = max(concurrency, LEAST_PREFETCH)
    rebalance = settings.handler_limit_seconds + REBALANCE_MARGIN_SECONDS
    app = faust.App(
        f"brushfire-{kind}",
        broker=";".join(f"kafka://{address}" for address in addresses),
        broker_client_id=member_options(settings.kafka).get("client_id", kind),
        broker_credentials=_credentials(settings.kafka),
        store="memory://",
        TableManager=DeclaredTables,
        datadir=str(folder),
        autodiscover=False,
        web_enabled=False,
        web_in_thread=False,
        processing_guarantee="at_least_once",
        producer_acks=-1,
        producer_linger=CHANGELOG_LINGER_SECONDS,
        producer_max_batch_size=BATCH_BYTES,
        producer_max_request_size=MAX_MESSAGE_BYTES,
        consumer_max_fetch_size=MAX_MESSAGE_BYTES,
        consumer_auto_offset_reset="earliest",
        stream_buffer_maxsize=prefetch,
        broker_max_poll_records=prefetch,
        stream_wait_empty=True,
        stream_recovery_delay=0.0,
        stream_publish_on_commit=False,
        broker_commit_interval=1.0,
        consumer_metadata_max_age_ms=METADATA_MS,
        broker_session_timeout=SESSION_SECONDS,
        broker_heartbeat_interval=SESSION_SECONDS / 3,
        broker_rebalance_timeout=rebalance,
        broker_request_timeout=rebalance + REBALANCE_MARGIN_SECONDS,
        broker_max_poll_interval=rebalance + REBALANCE_MARGIN_SECONDS,
        topic_partitions=settings.kafka.partitions,
        topic_replication_factor=settings.kafka.replication_factor,
        topic_allow_declare=True,
        topic_disable_leader=True,
        key_serializer="raw",
        value_serializer="raw",
        logging_config=None,
    )
    app.conf.loghandlers = []
    use_offset_safe_consumer(app, settings.kafka)

    @app.timer(STRAYS_SECONDS)  # type: ignore[untyped-decorator]
    async def fetch_strays() -> None:
        consumer: Any = app.consumer
        if not app.rebalancing:
            await consumer.fetch_dropped()
            await consumer.fetch_strays()

    app.sensors.add(ChangesArrive())
    return app


def _credentials(kafka: KafkaSettings) -> Credentials | None:
    """Faust's ``broker_credentials``; None for PLAINTEXT."""
    context = tls_context(kafka) if kafka.uses_tls else None
    if kafka.uses_sasl:
        return SASLCredentials(
            username=kafka.user, password=password_of(kafka), mechanism=kafka.sasl_mechanism, ssl_context=context
        )
    return SSLCredentials(context) if context else None


async def declare_tables(app: Any, kafka: KafkaSettings) -> None:
    """Create the changelog topics of the app's tables before it starts.

    faust creates them itself, but of two members that start together on a new cluster one may know of them late: its
    handlers then find a table's changelog without partitions, and what a table held would not be recovered.
    """
    changes = [
        Topic(name, Event, "none", "changes of a table", compacted=True) for name in sorted(app.tables.changelog_topics)
    ]
    await create_topics(kafka, kafka.partitions, kafka.replication_factor, topics=changes)


def consume(app: Any, topics: tuple[Topic, ...], guards: dict[str, Guard], concurrency: int) -> None:
    """Let `app` run the guard of each topic over its messages, `concurrency` at once, as one agent."""
    channel = app.topic(
        *(topic.name for topic in topics),
        key_type=bytes,
        value_type=bytes,
        key_serializer="raw",
        value_serializer="raw",
        allow_empty=True,
    )

    async def agent(stream: Any) -> None:
        async for event in stream.events():
            message = event.message
            with app.consumer.handling(message.tp, message.offset):
                await guards[message.topic].run(message)
            app.consumer.finish(message.tp, message.offset)

    app.agent(channel, name="-".join(topic.name for topic in topics), concurrency=concurrency)(agent)
