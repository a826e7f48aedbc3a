"""What goes over the wire to the object store, and what its answers become; over a server that says what it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientError, ServerDisconnectedError
from minio.error import InvalidResponseError, S3Error
from pydantic import SecretStr

from infra.settings import StoreSettings
from infra.storage.buckets import connect
from infra.storage.minio_store import MinioStore
from infra.storage.s3_client import LARGE_BYTES, S3Client
from schemas.errors import StoreError, StoreFull

HANG_UP = b""
Answer = Callable[[int], bytes]
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def answer(status: str, body: str = "", media_type: str = "application/xml") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


def xml(code: str) -> str:
    return f"<Error><Code>{code}</Code><Message>so it is</Message></Error>"


class Server:
    """Answers its n-th request (from 0) with `answers(n)`; hangs up instead of an empty one."""

    def __init__(self, answers: Answer) -> None:
        self._answers = answers
        self.heads: list[str] = []
        self.bodies: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
            self.heads.append(head)
            self.bodies.append(await reader.readexactly(int(fields.get("Content-Length", 0))))
            said = self._answers(len(self.heads) - 1)
            if said == HANG_UP:
                return
            writer.write(said)


@asynccontextmanager
async def listening(handle: Handler) -> AsyncIterator[StoreSettings]:
    """A server on a free port, and settings that lead to it. Its connections have ended when it has."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handle(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            await asyncio.gather(writer.wait_closed(), return_exceptions=True)

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.create_task(serve(reader, writer)))

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield StoreSettings(
            endpoint=f"127.0.0.1:{port}", access_key="a", secret_key=SecretStr("b"), secure=False, retry_seconds=0.5
        )
        await asyncio.gather(*tasks)


@asynccontextmanager
async def talking(answers: Answer) -> AsyncIterator[tuple[Server, StoreSettings]]:
    server = Server(answers)
    async with listening(server.serve) as settings:
        yield server, settings


@asynccontextmanager
async def client_of(settings: StoreSettings) -> AsyncIterator[S3Client]:
    client = S3Client(settings, connect(settings))
    try:
        yield client
    finally:
        await client.close()


async def test_what_is_sent_is_what_is_signed() -> None:
    async with talking(lambda _: answer("200 OK")) as (server, settings), client_of(settings) as client:
        await client.request("PUT", "a b/é", b"body", {"If-None-Match": "*", "Content-Type": "text/plain"})
    first, *lines = server.heads[0].strip().split("\r\n")
    fields = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    assert first == "PUT /brushfire/a%20b/%C3%A9 HTTP/1.1"
    signed = fields["authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
    assert set(fields) - set(signed) == {"authorization", "content-length"}
    assert fields["if-none-match"] == "*"
    assert server.bodies == [b"body"]


@pytest.mark.parametrize("size", [0, 1, LARGE_BYTES, LARGE_BYTES + 1, 3 * 2**20])
async def test_a_body_of_any_size_is_sent_whole(size: int) -> None:
    async with talking(lambda _: answer("200 OK")) as (server, settings), client_of(settings) as client:
        await client.request("PUT", "a", b"x" * size)
    assert server.bodies == [b"x" * size]


async def test_a_write_on_a_kept_connection_that_breaks_is_not_sent_again_unseen() -> None:
    async with (
        talking(lambda number: answer("200 OK") if number == 0 else HANG_UP) as (server, settings),
        client_of(settings) as client,
    ):
        await client.request("PUT", "first", b"1")
        with pytest.raises((ServerDisconnectedError, ClientError, ConnectionError)):
            await client.request("PUT", "second", b"2", {"If-None-Match": "*"})
    assert server.bodies == [b"1", b"2"]


async def test_a_create_whose_answer_was_lost_is_recognised_by_its_bytes() -> None:
    said = [HANG_UP, answer("412 Precondition Failed", xml("PreconditionFailed")), answer("200 OK", "mine")]
    async with talking(said.__getitem__) as (server, settings), MinioStore(settings) as store:
        assert await store.create("ledger/x/claim-1", b"mine")
    assert [head.split()[0] for head in server.heads] == ["PUT", "PUT", "GET"]


@pytest.mark.parametrize(
    ("said", "raised"),
    [
        (answer("503 Slow Down", xml("SlowDown")), S3Error),
        (answer("500 Internal", "<Error><Code>half"), InvalidResponseError),
        (answer("502 Bad Gateway", "<html></html>", "text/html"), InvalidResponseError),
        (answer("307 Temporary Redirect"), InvalidResponseError),
        (b"nonsense\r\n\r\n", ClientError),
    ],
)
async def test_every_other_answer_is_an_error(said: bytes, raised: type[Exception]) -> None:
    async with talking(lambda _: said) as (_, settings), client_of(settings) as client:
        with pytest.raises(raised):
            await client.request("GET", "a")


async def test_passing_failures_are_tried_again() -> None:
    said = [answer("503 Slow Down", xml("SlowDown"))] * 2 + [answer("200 OK", "here")]
    async with talking(said.__getitem__) as (server, settings), MinioStore(settings) as store:
        assert await store.get("a") == b"here"
    assert len(server.heads) == 3


async def test_final_failures_are_not_tried_again() -> None:
    full = answer("507 Full", xml("XMinioStorageFull"))
    async with talking(lambda _: full) as (server, settings), MinioStore(settings) as store:
        with pytest.raises(StoreFull):
            await store.put("a", b"1")
    assert len(server.heads) == 1


async def test_without_time_for_retries_there_is_one_attempt() -> None:
    busy = answer("503 Slow Down", xml("SlowDown"))
    async with talking(lambda _: busy) as (server, settings):
        async with MinioStore(settings.model_copy(update={"retry_seconds": 0.0})) as store:
            with pytest.raises(StoreError, match="SlowDown"):
                await store.put("a", b"1")
        assert len(server.heads) == 1


async def test_a_store_that_says_nothing_is_given_up_after_its_time() -> None:
    async def listen_only(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async with listening(listen_only) as settings:
        impatient = settings.model_copy(update={"timeout_seconds": 0.1, "retry_seconds": 0.0})
        async with MinioStore(impatient) as store:
            with pytest.raises(StoreError, match="does not answer") as caught:
                await store.get("a")
    assert caught.value.retryable


async def test_closing_lets_requests_under_way_finish_and_begins_no_others() -> None:
    async with talking(lambda _: answer("200 OK", "here")) as (_, settings):
        client = S3Client(settings, connect(settings))
        await client.request("GET", "earlier")
        reads = [asyncio.create_task(client.request("GET", str(number))) for number in range(20)]
        await asyncio.sleep(0)  # each has begun, and none has its answer
        await client.close()
        assert [await read for read in reads] == [b"here"] * 20
        with pytest.raises(RuntimeError, match="closed"):
            await client.request("GET", "late")


async def test_no_more_connections_than_set() -> None:
    accepted = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted.append(writer)
        while True:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer("200 OK"))

    async with listening(serve) as settings, client_of(settings.model_copy(update={"connections": 3})) as client:
        await asyncio.gather(*(client.request("GET", str(number)) for number in range(50)))
    assert len(accepted) == 3
