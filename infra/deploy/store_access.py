"""Sets up the store once, as its administrator: the bucket, its expiry rules, and Brushfire's user.

``python -m infra.deploy.store_access`` does it for the store of the settings. The user may then read, write,
delete and list in that bucket and do nothing else; the policy is ``policies/worker.json``.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, Final

from minio import MinioAdmin
from minio.credentials.providers import StaticProvider
from minio.error import MinioAdminException
from pydantic import SecretStr

from infra.settings import StoreSettings, load
from infra.storage.buckets import connections, ensure_bucket
from infra.storage.failures import FAILURES, store_error
from schemas.errors import BrushfireError, StoreError

POLICY_FILE: Final = Path(__file__).with_name("policies") / "worker.json"
POLICY_BUCKET: Final = "brushfire"
"""The bucket that the policy file names."""


def worker_policy(bucket: str) -> dict[str, Any]:
    """The policy of Brushfire's user, for `bucket`."""
    text = POLICY_FILE.read_text("utf-8").replace(f":::{POLICY_BUCKET}", f":::{bucket}")
    policy: dict[str, Any] = json.loads(text)
    return policy


def grant(root: StoreSettings, user: str, secret: SecretStr) -> None:
    """Make bucket, policy and `user` with `root`, the administrator's settings. Again, it changes the secret alone.

    MinIO's own admin API: with another store make the user there and give it the policy. Blocks; raises
    `StoreError`.
    """
    ensure_bucket(root)
    policy, admin = f"{root.bucket}-worker", _admin(root)
    try:
        admin.policy_add(policy, policy=worker_policy(root.bucket))
        admin.user_add(user, secret.get_secret_value())
        admin.policy_set(policy, user=user)
    except MinioAdminException as error:
        raise StoreError(f"the object store at {root.endpoint} refuses the set-up: {error}", retryable=False) from error
    except FAILURES as error:
        raise store_error(error, root) from error


def _admin(root: StoreSettings) -> MinioAdmin:
    secret = root.secret_key.get_secret_value() if root.secret_key else ""
    return MinioAdmin(
        endpoint=root.endpoint or "",
        credentials=StaticProvider(root.access_key or "", secret),
        region=root.region,
        secure=root.secure,
        http_client=connections(root),
    )


def main() -> None:
    """The settings say who the administrator is; ``STORE_USER`` and ``STORE_USER_SECRET_KEY`` who Brushfire is."""
    user, secret = os.environ.get("STORE_USER"), os.environ.get("STORE_USER_SECRET_KEY")
    if not user or not secret:
        sys.exit("set STORE_USER and STORE_USER_SECRET_KEY: the user to set up")
    try:
        grant(load().store, user, SecretStr(secret))
    except BrushfireError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
