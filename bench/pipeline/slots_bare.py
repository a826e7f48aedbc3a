"""The rival with slots: bare clients and nothing else.

``python -m bench.pipeline.slots_bare KIND FOLDER SECONDS SLOTS NAME``.

KIND is one of

    bare-drafter    the drafter's hop of `bench.pipeline.chain`: three objects put, draft and note sent
    bare-relay      a draft sent

Before that each message waits SECONDS in one of SLOTS, as for a model. Offsets are committed once a second, as far
as everything before them is done. Messages in flight, topics and payloads are those of `bench.pipeline.worker`.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from pathlib import Path
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from bench.pipeline.chain import COMMIT_SECONDS, DRAFTS, JOBS, Objects, Stages
from bench.pipeline.worker import calls_file
from infra import settings as settings_module
from infra.kafka.bus import BATCH_BYTES, LINGER_MS, MAX_MESSAGE_BYTES
from infra.kafka.deliveries import OffsetTracker
from workers.runtime.worker import messages_in_flight

PARTS: Final = ("claim", "image", "done", "draft", "draft-note")


class BareWorker:
    """One process: `slots` messages with the model at once, a few more in flight."""

    def __init__(
        self, consumer: Any, producer: Any, stages: Stages | None, draft: bytes, seconds: float, slots: int
    ) -> None:
        self._consumer = consumer
        self._producer = producer
        self._stages = stages
        self._draft = draft
        self._seconds = seconds
        self._slots = asyncio.Semaphore(slots)
        self._hands = asyncio.Semaphore(messages_in_flight("drafter", slots))
        self._trackers: dict[TopicPartition, OffsetTracker] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.calls: list[tuple[float, float]] = []

    async def run(self, stopping: asyncio.Event) -> None:
        """Consume until `stopping`, then finish what is in flight."""
        committed = time.monotonic()
        while not stopping.is_set():
            batches = await self._consumer.getmany(timeout_ms=200, max_records=self._hands._value or 1)  # noqa: SLF001
            for partition, records in batches.items():
                for record in records:
                    await self._begin(partition, record)
            if time.monotonic() - committed >= COMMIT_SECONDS:
                await self._commit()
                committed = time.monotonic()
        await asyncio.gather(*self._tasks)
        await self._commit()

    async def _begin(self, partition: TopicPartition, record: Any) -> None:
        await self._hands.acquire()
        self._trackers.setdefault(partition, OffsetTracker()).deliver(record.offset)
        task = asyncio.create_task(self._handle(partition, record))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _handle(self, partition: TopicPartition, record: Any) -> None:
        async with self._slots:
            began = time.time()
            await asyncio.sleep(self._seconds)
            self.calls.append((began, time.time()))
        if self._stages is not None:
            await self._stages.drafter(record.key)
        else:
            await self._producer.send_and_wait(DRAFTS.name, self._draft, key=record.key)
        self._trackers[partition].finish(record.offset)
        self._hands.release()

    async def _commit(self) -> None:
        done = {partition: tracker.committable for partition, tracker in self._trackers.items()}
        offsets = {partition: offset for partition, offset in done.items() if offset is not None}
        if offsets:
            await self._consumer.commit(offsets)


async def run(kind: str, folder: Path, seconds: float, slots: int, name: str) -> None:
    """Run a bare worker until SIGTERM."""
    settings = settings_module.load()
    servers = list(settings.kafka.addresses or ())
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    consumer = AIOKafkaConsumer(
        JOBS.name, bootstrap_servers=servers, group_id="bench-bare", enable_auto_commit=False,
        auto_offset_reset="earliest", max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
    )  # fmt: skip
    producer = AIOKafkaProducer(
        bootstrap_servers=servers, acks="all", linger_ms=LINGER_MS, max_batch_size=BATCH_BYTES,
        max_request_size=MAX_MESSAGE_BYTES,
    )  # fmt: skip
    payloads = {part: (folder / part).read_bytes() for part in PARTS}
    await producer.start()
    await consumer.start()
    stages = Stages(payloads, Objects(settings), producer) if kind == "bare-drafter" else None
    worker = BareWorker(consumer, producer, stages, payloads["draft"], seconds, slots)
    try:
        await worker.run(stopping)
    finally:
        await consumer.stop()
        await producer.stop()
    calls_file(folder, name).write_text(json.dumps(worker.calls), "utf-8")


def main(kind: str, folder: str, seconds: str, slots: str, name: str) -> None:
    """Run one bare worker."""
    asyncio.run(run(kind, Path(folder), float(seconds), int(slots), name))


if __name__ == "__main__":
    main(*sys.argv[1:])
