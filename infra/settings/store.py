"""The settings of the object store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator

from infra.settings.group import Group


class StoreSettings(Group):
    """The object store (S3 protocol). Without `endpoint` the embedded store is started. See docs/cluster.md."""

    endpoint: str | None = None
    """Server as `host:port`. Unset: the embedded store."""
    access_key: str | None = None
    """Access key."""
    secret_key: SecretStr | None = None
    """Secret key."""
    secure: bool = True
    """Use TLS."""
    ca_file: Path | None = None
    """Certificate authorities to trust with TLS (PEM), in place of certifi's list."""
    bucket: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")] = "brushfire"
    """Bucket; it is created if it is missing."""
    region: str = "us-east-1"
    """Region."""
    connections: Annotated[int, Field(ge=1, le=256)] = 16
    """Connections of one process."""
    timeout_seconds: Annotated[float, Field(gt=0)] = 10.0
    """Limit of one request."""
    retry_seconds: Annotated[float, Field(ge=0)] = 20.0
    """How long a call is retried."""
    directory: Path | None = None
    """Where a store on this machine keeps its data. Its free space explains a full disk."""

    @field_validator("endpoint")
    @classmethod
    def _host_only(cls, endpoint: str | None) -> str | None:
        if endpoint is not None and ("/" in endpoint or not endpoint):
            raise ValueError(f"{endpoint!r} is no address; write host:port without http:// (`secure` says which)")
        return endpoint
