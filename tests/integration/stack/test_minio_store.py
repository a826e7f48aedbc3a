"""What `MinioStore` does when the store or the way to it fails."""

from __future__ import annotations

import time
from collections.abc import Mapping
from uuid import uuid4

import pytest
from aiohttp import ServerDisconnectedError
from minio.commonconfig import ENABLED, Filter
from minio.lifecycleconfig import Expiration, LifecycleConfig, Rule
from pydantic import SecretStr

from infra.settings import Settings, StoreSettings
from infra.storage.buckets import EXPIRING, connect, ensure_bucket
from infra.storage.minio_store import MinioStore
from schemas.errors import StoreError

pytestmark = pytest.mark.stack


class LosesTheFirstAnswer(MinioStore):
    """The store acts on the first write, but its answer is lost on the way."""

    lost = False

    async def _write(self, key: str, data: bytes, headers: Mapping[str, str]) -> bool:
        answer = await super()._write(key, data, headers)
        if not self.lost:
            self.lost = True
            raise ServerDisconnectedError("connection reset")
        return answer


async def test_a_create_whose_answer_was_lost_is_still_ours(running_stack: Settings) -> None:
    key = f"tmp/{uuid4().hex}"
    async with LosesTheFirstAnswer(running_stack.store) as store:
        assert await store.create(key, b"mine")


async def test_a_create_that_another_won_is_not_ours_after_a_lost_answer(running_stack: Settings) -> None:
    key = f"tmp/{uuid4().hex}"
    async with LosesTheFirstAnswer(running_stack.store) as store, MinioStore(running_stack.store) as other:
        await other.create(key, b"theirs")
        assert not await store.create(key, b"mine")


async def test_a_missing_store_is_retried_for_the_given_time_and_then_an_error_with_advice() -> None:
    settings = StoreSettings(endpoint="127.0.0.1:1", access_key="a", secret_key=SecretStr("b"), secure=False)
    began = time.monotonic()
    async with MinioStore(settings.model_copy(update={"retry_seconds": 0.5})) as store:
        with pytest.raises(StoreError, match=r"127.0.0.1:1 does not answer.*store\.endpoint") as caught:
            await store.get("x")
    assert caught.value.retryable
    assert 0.2 < time.monotonic() - began < 5


async def test_wrong_credentials_are_not_retried(running_stack: Settings) -> None:
    wrong = running_stack.store.model_copy(update={"secret_key": SecretStr("not the right one")})
    async with MinioStore(wrong) as store:
        with pytest.raises(StoreError, match=r"refuses the credentials.*store\.secret_key") as caught:
            await store.put("tmp/x", b"")
    assert not caught.value.retryable
    assert "not the right one" not in str(caught.value) + repr(wrong)


def test_expiry_rules_spare_images_and_an_operators_own_rules(running_stack: Settings) -> None:
    settings = running_stack.store.model_copy(update={"bucket": f"rules-{uuid4().hex[:8]}"})
    client = connect(settings)
    ensure_bucket(settings, expiring={})
    own = Rule(ENABLED, rule_filter=Filter(prefix="theirs/"), rule_id="theirs", expiration=Expiration(days=3))
    client.set_bucket_lifecycle(settings.bucket, LifecycleConfig([own]))
    ensure_bucket(settings)
    ensure_bucket(settings)
    present = client.get_bucket_lifecycle(settings.bucket)
    assert present is not None
    days = {rule.rule_filter.prefix: rule.expiration.days for rule in present.rules}
    assert days == {"theirs/": 3, **EXPIRING}
    assert not any("sha256/".startswith(prefix) for prefix in EXPIRING)
