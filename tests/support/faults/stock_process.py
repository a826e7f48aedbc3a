"""A worker with faust's own consumer in place of the offset-safe one: ``python -m …stock_process KIND``.

The rival in the fault runs. Everything else is the same: handlers, ledger, retries, settings.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from aiokafka import TopicPartition
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from infra.kafka import app as app_module
from infra.kafka.ends import end_offsets
from infra.kafka.security import Brokers
from workers.runtime import process
from workers.runtime.kinds import WorkerKind


class StockConsumer(driver.Consumer):
    """faust 0.15.3's consumer, which commits as it sees fit; only the ends of changelogs are asked for as ours does."""

    @contextmanager
    def handling(self, _partition: TP, _offset: int) -> Iterator[None]:
        """Keep no book."""
        yield

    def finish(self, _partition: TP, _offset: int) -> None:
        """Keep no book."""

    async def fetch_strays(self) -> None:
        """Look for nothing."""

    async def highwaters(self, *partitions: TP) -> dict[TP, int]:
        """Where `partitions` end; the embedded broker's own answer is wrong (see `infra.kafka.ends`)."""
        transport = cast("StockTransport", self.transport)
        ends = await end_offsets(transport.brokers, [TopicPartition(*partition) for partition in partitions])
        return {TP(*partition): offset for partition, offset in ends.items()}


class StockTransport(driver.Transport):
    """faust's transport with the consumer above."""

    Consumer = StockConsumer
    brokers: Brokers


def install(app: Any, brokers: Brokers) -> None:
    """Give `app` faust's own consumer."""
    app.transport = StockTransport(app.conf.broker_consumer, app)
    app.transport.brokers = brokers


if __name__ == "__main__":
    setattr(app_module, "use_offset_safe_consumer", install)  # noqa: B010 - a name that the module does not export
    process.main(cast("WorkerKind", sys.argv[1]))
