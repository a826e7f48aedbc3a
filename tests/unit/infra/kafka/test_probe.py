"""The probe of a broker against one that opens connections and then falls silent, as one that hangs does."""

from __future__ import annotations

import asyncio
import struct

import pytest

from infra.kafka import admin
from infra.local.managed import PROBE_SECONDS

API_VERSIONS = 18
METADATA = 3
DEADLINE_SECONDS = 10.0


class Silent:
    """Answers which requests it knows (ApiVersions, version 0), and nothing else."""

    def __init__(self) -> None:
        self.opened = 0
        self.closed = 0
        self.asked: list[int] = []

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        try:
            while True:
                (size,) = struct.unpack(">i", await reader.readexactly(4))
                key, _, correlation = struct.unpack_from(">hhi", await reader.readexactly(size))
                self.asked.append(key)
                if key == API_VERSIONS:
                    known = [(METADATA, 0, 1), (API_VERSIONS, 0, 0)]
                    answer = struct.pack(">ihi", correlation, 0, len(known))
                    answer += b"".join(struct.pack(">hhh", *line) for line in known)
                    writer.write(struct.pack(">i", len(answer)) + answer)
        except asyncio.IncompleteReadError:
            self.closed += 1
        finally:
            writer.close()


async def test_a_silent_broker_does_not_answer_and_no_connection_to_it_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    assert PROBE_SECONDS * 1000 > admin.ANSWER_MS  # who probes must not have to cancel it
    monkeypatch.setattr(admin, "ANSWER_MS", 200)
    silent = Silent()
    server = await asyncio.start_server(silent.talk, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            assert not await admin.broker_answers(f"{host}:{port}")
            assert METADATA in silent.asked
            while silent.closed < silent.opened:  # noqa: ASYNC110 - the other side of a socket
                await asyncio.sleep(0.01)
    finally:
        server.close()
    assert silent.opened == 2
