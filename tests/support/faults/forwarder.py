"""Forwards TCP connections, as they are: so that a server is reached from where its own address does not lead.

As a program, ``python -m tests.support.faults.forwarder HOST TARGET PORT…``: listens on each port of HOST, forwards to
the same port of TARGET, writes a line once it listens, and ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import select
import sys
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager, suppress

CHUNK_BYTES = 64 * 1024
BACKLOG = 1024


@asynccontextmanager
async def forwarding(host: str, target: str, ports: Iterable[int]) -> AsyncIterator[None]:
    """From each of `ports` of `host` to the same port of `target`, for as long as the body runs."""
    relays: set[asyncio.Task[None]] = set()
    servers = [await _listen(host, target, port, relays) for port in ports]
    try:
        yield
    finally:
        for server in servers:
            server.close()
        for relay in relays:
            relay.cancel()
        await asyncio.gather(*relays, return_exceptions=True)


async def _listen(host: str, target: str, port: int, relays: set[asyncio.Task[None]]) -> asyncio.Server:
    def accepted(reader: StreamReader, writer: StreamWriter) -> None:
        relay = asyncio.create_task(_relay(reader, writer, target, port))
        relays.add(relay)
        relay.add_done_callback(relays.discard)

    return await asyncio.start_server(accepted, host, port, backlog=BACKLOG)


async def _relay(reader: StreamReader, writer: StreamWriter, target: str, port: int) -> None:
    """One connection from its start to its end; what breaks one side of it breaks the other."""
    with suppress(OSError):
        async with _closing(writer):
            onward_reader, onward_writer = await asyncio.open_connection(target, port)
            async with _closing(onward_writer):
                if not _hung_up(writer):
                    await _both(_pump(reader, onward_writer), _pump(onward_reader, writer))


@asynccontextmanager
async def _closing(writer: StreamWriter) -> AsyncIterator[None]:
    """Close after what was written; at once where something broke, for then it may never be sent."""
    try:
        yield
    except BaseException:
        writer.transport.abort()
        raise
    writer.close()


def _hung_up(writer: StreamWriter) -> bool:
    """Whether the client gave up while it was being connected: then its words must not be sent any more."""
    poll = select.poll()
    poll.register(writer.get_extra_info("socket").fileno(), select.POLLRDHUP)
    return bool(poll.poll(0))


async def _both(*pumps: Coroutine[None, None, None]) -> None:
    """All of `pumps` to their end; the first that fails ends the others."""
    tasks = [asyncio.create_task(pump) for pump in pumps]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _pump(reader: StreamReader, writer: StreamWriter) -> None:
    """Bytes in one direction to their end, and then the end."""
    while data := await reader.read(CHUNK_BYTES):
        writer.write(data)
        await writer.drain()
    writer.write_eof()


async def _run(host: str, target: str, ports: list[int]) -> None:
    async with forwarding(host, target, ports):
        sys.stdout.write("listening\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_run(sys.argv[1], sys.argv[2], [int(port) for port in sys.argv[3:]]))
