"""Connecting to the object store, and its bucket with the rules by which objects expire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import certifi
import stamina
import urllib3
from minio import Minio
from minio.commonconfig import ENABLED, Filter
from minio.error import S3Error
from minio.lifecycleconfig import Expiration, LifecycleConfig, Rule

from infra.settings import StoreSettings
from infra.storage.failures import FAILURES, store_error, worth_retrying
from schemas.errors import InvalidSettings, StoreError

LEDGER_DAYS: Final = 30
"""A ledger entry is of use as long as its job may be delivered again; job topics keep a week."""
TEMPORARY_DAYS: Final = 1
CONNECT_SECONDS: Final = 5.0
"""A connection that takes longer than this will not come; an answer may take `timeout_seconds`."""

EXPIRING: Final = {"ledger/": LEDGER_DAYS, "tmp/": TEMPORARY_DAYS}
"""Nothing else expires: images and manifests are never removed by a rule."""

_RULE_PREFIX: Final = "brushfire-expire-"


def connect(settings: StoreSettings) -> Minio:
    """A client of the store. It does not retry: the caller knows for how long that makes sense."""
    if settings.endpoint is None:
        raise StoreError("store.endpoint is not set and no embedded store is running", retryable=False)
    secret = settings.secret_key.get_secret_value() if settings.secret_key else None
    return Minio(
        settings.endpoint,
        access_key=settings.access_key,
        secret_key=secret,
        secure=settings.secure,
        region=settings.region,
        http_client=connections(settings),
    )


def connections(settings: StoreSettings) -> urllib3.PoolManager:
    """The connections to the store: no retries, certificates checked. Raises `InvalidSettings` for its `ca_file`."""
    if settings.ca_file is not None and not settings.ca_file.is_file():
        raise InvalidSettings(f"store.ca_file: there is no file {settings.ca_file}")
    return urllib3.PoolManager(
        maxsize=settings.connections,
        timeout=urllib3.Timeout(connect=min(settings.timeout_seconds, CONNECT_SECONDS), read=settings.timeout_seconds),
        retries=False,
        cert_reqs="CERT_REQUIRED",
        ca_certs=str(settings.ca_file or certifi.where()),
    )


def ensure_bucket(settings: StoreSettings, *, expiring: Mapping[str, int] = EXPIRING) -> None:
    """Create the bucket where it is missing and set the expiry rules: days that objects live, by prefix.

    Blocks, at most `settings.retry_seconds` where the store does not answer; raises `StoreError`.
    """
    client = connect(settings)
    for attempt in stamina.retry_context(
        on=worth_retrying, attempts=None, timeout=settings.retry_seconds, wait_initial=0.1, wait_max=2.0
    ):
        with attempt:
            try:
                _create(client, settings.bucket, settings.region)
                _set_expiry(client, settings.bucket, expiring)
            except FAILURES as error:
                raise store_error(error, settings) from error


def _create(client: Minio, bucket: str, region: str) -> None:
    if client.bucket_exists(bucket):
        return
    try:
        client.make_bucket(bucket, region)
    except S3Error as error:
        if error.code not in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}:  # another process was faster
            raise


def _set_expiry(client: Minio, bucket: str, expiring: Mapping[str, int]) -> None:
    """Set the rules that are ours and leave an operator's own in place."""
    present = client.get_bucket_lifecycle(bucket)
    rules = list(present.rules) if present else []
    others = [rule for rule in rules if not (rule.rule_id or "").startswith(_RULE_PREFIX)]
    ours = [_rule(prefix, days) for prefix, days in expiring.items()]
    if {_summary(rule) for rule in rules} != {_summary(rule) for rule in (*others, *ours)}:
        client.set_bucket_lifecycle(bucket, LifecycleConfig([*others, *ours]))


def _rule(prefix: str, days: int) -> Rule:
    return Rule(
        ENABLED,
        rule_filter=Filter(prefix=prefix),
        rule_id=_RULE_PREFIX + prefix.rstrip("/"),
        expiration=Expiration(days=days),
    )


def _summary(rule: Rule) -> tuple[str | None, str | None, int | None]:
    prefix = rule.rule_filter.prefix if rule.rule_filter else None
    return rule.rule_id, prefix, rule.expiration.days if rule.expiration else None
