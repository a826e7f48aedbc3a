"""What every object store does: the same tests over all of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from infra.settings import Settings
from infra.storage.memory_store import MemoryStore
from infra.storage.minio_store import MinioStore
from infra.storage.store import ObjectStore, save_blob

STORES = ["memory", pytest.param("minio", marks=pytest.mark.stack)]


@pytest.fixture(params=STORES)
def stack(request: pytest.FixtureRequest) -> Settings | None:
    """The stack whose store is tested, or None. Not asynchronous: the stack has a loop of its own to start in."""
    return request.getfixturevalue("running_stack") if request.param == "minio" else None


@pytest.fixture
async def store(stack: Settings | None) -> AsyncIterator[ObjectStore]:
    if stack is None:
        yield MemoryStore()
        return
    async with MinioStore(stack.store, page=3) as minio:
        yield minio


@pytest.fixture
def base() -> str:
    """A folder of its own for each test."""
    return f"tmp/{uuid4().hex}"


async def listed(store: ObjectStore, prefix: str) -> list[str]:
    return [key async for key in store.keys(prefix)]


async def test_a_missing_object_is_none(store: ObjectStore, base: str) -> None:
    assert await store.get(f"{base}/nothing") is None


@pytest.mark.parametrize("data", [b"", b"{}", bytes(range(256)) * 4096], ids=["empty", "small", "1 MB"])
async def test_bytes_come_back_as_they_went(store: ObjectStore, base: str, data: bytes) -> None:
    await store.put(f"{base}/a.bin", data, "application/octet-stream")
    assert await store.get(f"{base}/a.bin") == data


async def test_the_second_create_changes_nothing(store: ObjectStore, base: str) -> None:
    assert await store.create(f"{base}/claim-1", b"first")
    assert not await store.create(f"{base}/claim-1", b"second")
    assert not await store.create(f"{base}/claim-1", b"first")
    assert await store.get(f"{base}/claim-1") == b"first"


async def test_of_many_creates_at_once_one_wins(store: ObjectStore, base: str) -> None:
    won = await asyncio.gather(*(store.create(f"{base}/race", str(number).encode()) for number in range(12)))
    assert won.count(True) == 1
    assert await store.get(f"{base}/race") == str(won.index(True)).encode()


async def test_put_replaces(store: ObjectStore, base: str) -> None:
    await store.put(f"{base}/a", b"old")
    await store.put(f"{base}/a", b"new")
    assert await store.get(f"{base}/a") == b"new"


async def test_after_a_delete_the_key_is_free_again(store: ObjectStore, base: str) -> None:
    await store.create(f"{base}/a", b"1")
    await store.delete(f"{base}/a")
    await store.delete(f"{base}/a")
    assert await store.get(f"{base}/a") is None
    assert await store.create(f"{base}/a", b"2")


async def test_keys_over_several_pages_in_order(store: ObjectStore, base: str) -> None:
    for number in (7, 3, 0, 9, 1, 4, 8, 2, 6, 5):
        await store.put(f"{base}/n/{number}", b"x")
    assert await listed(store, f"{base}/n/") == [f"{base}/n/{number}" for number in range(10)]


async def test_keys_across_folders_are_all_there_once(store: ObjectStore, base: str) -> None:
    names = {f"{base}/{name}" for name in ("a/1", "a/2/x", "a-1", "a.b", "b/1", "b/10", "b/2", "日本", "é", "z z")}
    for name in names:
        await store.put(name, b"x")
    found = await listed(store, f"{base}/")
    assert set(found) == names
    assert len(found) == len(names)


async def test_a_prefix_need_not_end_at_a_folder(store: ObjectStore, base: str) -> None:
    for name in ("claim-1", "claim-2", "done"):
        await store.put(f"{base}/{name}", b"x")
    assert await listed(store, f"{base}/claim-") == [f"{base}/claim-1", f"{base}/claim-2"]
    assert await listed(store, f"{base}/none") == []


async def test_the_same_bytes_have_one_key(store: ObjectStore) -> None:
    data = uuid4().bytes
    key = await save_blob(store, data, "image/png")
    assert await save_blob(store, data, "image/png") == key
    assert await store.get(key) == data
