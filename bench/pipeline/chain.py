"""The rival, the same hops by bare clients: ``python -m bench.pipeline.chain STAGE FOLDER CONCURRENCY``.

Same processes, topics, partitions, payload sizes, object writes and reads, and messages in flight; offsets are
committed by hand. Nothing is decoded, checked, retried or claimed again: payloads are those that Brushfire wrote,
sent again as they are.
"""

from __future__ import annotations

import asyncio
import io
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from infra import settings as settings_module
from infra.kafka.bus import BATCH_BYTES, LINGER_MS, MAX_MESSAGE_BYTES
from infra.settings import Settings
from infra.storage.buckets import connect
from schemas.base import Event
from schemas.topics import Topic

JOBS, DRAFTS, CARDS, NOTES, BOARDS = (
    Topic(f"bench.{name}", Event, "none", "the bare chain's") for name in ("jobs", "drafts", "cards", "notes", "boards")
)
TOPICS: Final = (JOBS, DRAFTS, CARDS, NOTES, BOARDS)
SOURCES: Final = {"drafter": JOBS, "scorer": DRAFTS, "promoter": CARDS}
PAYLOADS: Final = ("claim", "image", "done", "draft", "draft-note", "card", "card-note", "board")
COMMIT_SECONDS: Final = 1.0
"""As in Brushfire: see `broker_commit_interval` in `infra.kafka.app`."""


class Objects:
    """Bare puts and gets of the S3 client on threads."""

    def __init__(self, settings: Settings) -> None:
        self._client = connect(settings.store)
        self._bucket = settings.store.bucket
        self._threads = ThreadPoolExecutor(settings.store.connections)

    async def put(self, key: str, data: bytes) -> None:
        """Store `data`."""
        await self._on_thread(lambda: self._client.put_object(self._bucket, key, io.BytesIO(data), len(data)))

    async def get(self, key: str) -> bytes:
        """Read an object."""
        return bytes(await self._on_thread(lambda: self._read(key)))

    def _read(self, key: str) -> bytes:
        response = self._client.get_object(self._bucket, key)
        try:
            return bytes(response.read())
        finally:
            response.close()
            response.release_conn()

    async def _on_thread(self, call: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)


class Stages:
    """What each stage does with one message."""

    def __init__(self, payloads: dict[str, bytes], objects: Objects, producer: Any) -> None:
        self._payloads = payloads
        self._objects = objects
        self._producer = producer

    async def drafter(self, key: bytes) -> None:
        """Claim, image, result; draft and note."""
        name = key.decode()
        for part in ("claim", "image", "done"):
            await self._objects.put(f"bench/{name}/{part}", self._payloads[part])
        await self._send(DRAFTS, key, "draft")
        await self._send(NOTES, key, "draft-note")

    async def scorer(self, key: bytes) -> None:
        """SampleAd in, scorecard out; scorecard and note."""
        name = key.decode()
        await self._objects.get(f"bench/{name}/image")
        await self._objects.put(f"bench/{name}/card", self._payloads["card"])
        await self._send(CARDS, key, "card")
        await self._send(NOTES, key, "card-note")

    async def promoter(self, key: bytes) -> None:
        """The board's new state into its changelog, which is flushed before each commit."""
        await self._producer.send(BOARDS.name, self._payloads["board"], key=key)

    async def _send(self, topic: Topic, key: bytes, payload: str) -> None:
        await self._producer.send_and_wait(topic.name, self._payloads[payload], key=key)


async def run(stage: str, folder: Path, concurrency: int) -> None:
    """Run `stage` until SIGTERM."""
    settings = settings_module.load()
    servers = list(settings.kafka.addresses or ())
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    consumer = AIOKafkaConsumer(
        SOURCES[stage].name, bootstrap_servers=servers, group_id=f"bench-{stage}", enable_auto_commit=False,
        auto_offset_reset="earliest", max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
    )  # fmt: skip
    producer = AIOKafkaProducer(
        bootstrap_servers=servers, acks="all", linger_ms=LINGER_MS, max_batch_size=BATCH_BYTES,
        max_request_size=MAX_MESSAGE_BYTES,
    )  # fmt: skip
    payloads = {name: (folder / name).read_bytes() for name in PAYLOADS}
    await producer.start()
    await consumer.start()
    try:
        handle = getattr(Stages(payloads, Objects(settings), producer), stage)
        await _consume(consumer, producer, handle, concurrency, stopping)
    finally:
        await consumer.stop()
        await producer.stop()


async def _consume(
    consumer: Any,
    producer: Any,
    handle: Callable[[bytes], Awaitable[None]],
    concurrency: int,
    stopping: asyncio.Event,
) -> None:
    committed = time.monotonic()
    while not stopping.is_set():
        batches = await consumer.getmany(timeout_ms=200, max_records=concurrency)
        await asyncio.gather(*(handle(record.key) for records in batches.values() for record in records))
        if time.monotonic() - committed >= COMMIT_SECONDS:
            await producer.flush()
            await consumer.commit()
            committed = time.monotonic()


def main(stage: str, folder: str, concurrency: str) -> None:
    """Run one stage."""
    asyncio.run(run(stage, Path(folder), int(concurrency)))


if __name__ == "__main__":
    main(*sys.argv[1:])
