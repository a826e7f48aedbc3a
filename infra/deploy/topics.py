"""``python -m infra.deploy.topics``: creates the catalogue's topics on the brokers of the settings, where missing."""

from __future__ import annotations

import asyncio
import sys

from infra.kafka.admin import create_topics, wait_for_broker
from infra.settings import load
from schemas.errors import BrushfireError


async def create() -> tuple[str, ...]:
    """Wait for the brokers and create what is missing. Raises `BusUnavailable`."""
    settings = load()
    await wait_for_broker(settings.kafka, settings.local.start_seconds)
    return await create_topics(settings.kafka, settings.kafka.partitions, settings.kafka.replication_factor)


def main() -> None:
    """Say what was created."""
    try:
        made = asyncio.run(create())
    except BrushfireError as error:
        sys.exit(str(error))
    sys.stdout.write(f"created {', '.join(made) or 'nothing: all topics are there'}\n")


if __name__ == "__main__":
    main()
