"""Brushfire's user of the store may use its own bucket and nothing else; and TLS is checked."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from minio import Minio
from minio.error import S3Error
from pydantic import SecretStr

from infra.deploy.store_access import grant, worker_policy
from infra.storage.buckets import EXPIRING, connect, ensure_bucket
from infra.storage.minio_store import MinioStore
from schemas.errors import InvalidSettings, StoreError
from tests.support.cluster import ClusterStack

pytestmark = pytest.mark.cluster


@pytest.fixture
def other_bucket(open_cluster: ClusterStack) -> str:
    """A bucket that belongs to another user, with an object in it."""
    name = f"theirs-{uuid4().hex[:8]}"
    settings = open_cluster.root_store().model_copy(update={"bucket": name})
    ensure_bucket(settings, expiring={})
    connect(settings)._put_object(name, "secret.txt", b"theirs", {})
    return name


FORBIDDEN: dict[str, Callable[[Minio, str], Any]] = {
    "get": lambda client, bucket: client.get_object(bucket, "secret.txt"),
    "put": lambda client, bucket: client._put_object(bucket, "mine.txt", b"x", {}),
    "delete": lambda client, bucket: client.remove_object(bucket, "secret.txt"),
    "list": lambda client, bucket: list(client.list_objects(bucket)),
    "create a bucket": lambda client, bucket: client.make_bucket(f"{bucket}-2", "us-east-1"),
    "remove its own bucket": lambda client, _: client.remove_bucket("brushfire"),
    "stop the expiry of its own bucket": lambda client, _: client.delete_bucket_lifecycle("brushfire"),
    "open its own bucket to all": lambda client, _: client.set_bucket_policy("brushfire", "{}"),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_what_the_user_may_not_do(open_cluster: ClusterStack, other_bucket: str, what: str) -> None:
    client = connect(open_cluster.settings.store)
    with pytest.raises(S3Error, match="Access Denied"):
        FORBIDDEN[what](client, other_bucket)
    root = connect(open_cluster.root_store())
    assert root.get_object(other_bucket, "secret.txt").data == b"theirs"
    assert root.bucket_exists("brushfire")


def test_the_user_sees_no_bucket_but_its_own(open_cluster: ClusterStack, other_bucket: str) -> None:
    seen = {bucket.name for bucket in connect(open_cluster.settings.store).list_buckets()}
    assert seen <= {"brushfire"}


async def test_another_bucket_in_the_settings_is_an_error_with_advice(
    open_cluster: ClusterStack, other_bucket: str
) -> None:
    settings = open_cluster.settings.store.model_copy(update={"bucket": other_bucket})
    async with MinioStore(settings) as store:
        with pytest.raises(StoreError, match=r"refuses the credentials.*store\.access_key") as caught:
            await store.get("secret.txt")
    assert not caught.value.retryable


def test_the_bucket_is_set_up_and_the_user_can_check_that_it_is(open_cluster: ClusterStack) -> None:
    ensure_bucket(open_cluster.settings.store)
    present = connect(open_cluster.settings.store).get_bucket_lifecycle("brushfire")
    assert present is not None
    assert {rule.rule_filter.prefix: rule.expiration.days for rule in present.rules} == EXPIRING


async def test_granting_again_changes_the_secret_alone(open_cluster: ClusterStack) -> None:
    root = open_cluster.root_store().model_copy(update={"bucket": f"again-{uuid4().hex[:8]}"})
    first, second = (SecretStr(secrets.token_urlsafe(30)) for _ in range(2))
    await asyncio.to_thread(grant, root, "rotated", first)
    await asyncio.to_thread(grant, root, "rotated", second)
    mine = root.model_copy(update={"access_key": "rotated", "secret_key": second})
    async with MinioStore(mine) as store:
        await store.put("tmp/a", b"1")
        assert await store.get("tmp/a") == b"1"
    async with MinioStore(mine.model_copy(update={"secret_key": first})) as store:
        with pytest.raises(StoreError, match="refuses the credentials"):
            await store.get("tmp/a")


def test_the_policy_names_one_bucket(open_cluster: ClusterStack) -> None:
    named = [resource for statement in worker_policy("ads")["Statement"] for resource in statement["Resource"]]
    assert {name.removeprefix("arn:aws:s3:::").split("/")[0] for name in named} == {"ads"}


async def test_a_store_with_a_certificate_of_another_authority_is_not_spoken_to(secure_cluster: ClusterStack) -> None:
    other = secure_cluster.settings.store.model_copy(update={"ca_file": None, "retry_seconds": 0.2})
    async with MinioStore(other) as store:
        with pytest.raises(StoreError, match=r"does not answer.*SSL.*store\.secure"):
            await store.get("tmp/a")


async def test_a_store_that_speaks_tls_is_not_spoken_to_without(secure_cluster: ClusterStack) -> None:
    plain = secure_cluster.settings.store.model_copy(update={"secure": False, "retry_seconds": 0.2})
    async with MinioStore(plain) as store:
        with pytest.raises(StoreError):
            await store.get("tmp/a")


def test_a_missing_ca_file_is_named(secure_cluster: ClusterStack) -> None:
    wrong = secure_cluster.settings.store.model_copy(update={"ca_file": secure_cluster.directory.root / "none.crt"})
    with pytest.raises(InvalidSettings, match=r"store\.ca_file: there is no file .*none\.crt"):
        connect(wrong)
