"""What a campaign published is remembered once, and read newest first."""

from datetime import timedelta

from infra.storage import published
from infra.storage.memory_store import MemoryStore
from infra.storage.published import PublishedBefore, published_key, remember
from tests.support.factories import make_asset, make_signature


def made(number: int):
    asset = make_asset()
    later = asset.published_at + timedelta(minutes=number)
    return asset.model_copy(update={"asset_id": f"ast-{number}", "published_at": later})


def signature(number: int):
    return make_signature(phash=f"{number:016x}")


async def test_the_newest_come_first_and_older_ones_fall_out(monkeypatch):
    monkeypatch.setattr(published, "LOOKED_AT", 3)
    store = MemoryStore()
    for number in (2, 0, 4, 1, 3):
        await remember(store, made(number), signature(number))
    known = await PublishedBefore(store, lambda: 0.0).of(made(0).campaign_id)
    assert known == (signature(4), signature(3), signature(2))


async def test_a_repeat_changes_nothing():
    store = MemoryStore()
    await remember(store, made(1), signature(1))
    await remember(store, made(1), signature(9))
    assert await PublishedBefore(store, lambda: 0.0).of(made(1).campaign_id) == (signature(1),)


async def test_a_listing_is_used_until_it_is_stale_and_a_signature_is_fetched_once(monkeypatch):
    store, now = MemoryStore(), [100.0]
    reader = PublishedBefore(store, lambda: now[0])
    campaign = made(0).campaign_id
    assert await reader.of(campaign) == ()
    await remember(store, made(0), signature(0))
    assert await reader.of(campaign) == ()
    now[0] += published.FRESH_SECONDS
    assert await reader.of(campaign) == (signature(0),)
    await store.put(published_key(made(0)), b"no signature")
    now[0] += published.FRESH_SECONDS
    assert await reader.of(campaign) == (signature(0),)


async def test_campaigns_do_not_share():
    store = MemoryStore()
    await remember(store, made(0), signature(0))
    assert await PublishedBefore(store, lambda: 0.0).of("another") == ()
