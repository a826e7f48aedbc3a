"""``python -m infra.deploy.topics``: creates the catalogue's topics on the brokers of the settings, where missing."""

from __future__ import annotations

import asyncio
import sys

from infra.kafka.admin import create_topics, wait_for_brokers
from infra.settings import load
from schemas.errors import BrushfireError


async def create() -> tuple[str, ...]:
    """Wait for the brokers and create what is missing. Raises `BusUnavailable`."""
    settings = load()
    kafka, copies = settings.kafka, settings.kafka.replication_factor
    await wait_for_brokers(kafka, copies, settings.local.start_seconds)
    return await create_topics(kafka, kafka.partitions, copies)


def main() -> None:
    """Say what was created."""
    try:
        made = asyncio.run(create())
    except BrushfireError as error:
        sys.exit(str(error))
    sys.stdout.write(f"created {', '.join(made) or 'nothing: all topics are there'}\n")


if __name__ == "__main__":
    main()
