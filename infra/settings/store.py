"""The settings of the object store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator

from infra.settings.group import Group


class StoreSettings(Group):
    """The object store (S3 protocol). `endpoint` (``host:port``) unset: the embedded store is started.

    `secure` is TLS, and `ca_file` (PEM) whom to trust then, in place of certifi's list. `directory` is where a
    store on this machine keeps its data, if known: its free space explains failures.
    """

    endpoint: str | None = None
    access_key: str | None = None
    secret_key: SecretStr | None = None
    secure: bool = True
    ca_file: Path | None = None
    bucket: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")] = "brushfire"
    region: str = "us-east-1"
    connections: Annotated[int, Field(ge=1, le=256)] = 16
    timeout_seconds: Annotated[float, Field(gt=0)] = 10.0
    retry_seconds: Annotated[float, Field(ge=0)] = 20.0
    directory: Path | None = None

    @field_validator("endpoint")
    @classmethod
    def _host_only(cls, endpoint: str | None) -> str | None:
        if endpoint is not None and ("/" in endpoint or not endpoint):
            raise ValueError(f"{endpoint!r} is no address; write host:port without http:// (`secure` says which)")
        return endpoint
