"""The cluster's generated credentials: one for each who logs in, none with a default."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from infra.local.files import read_json, write_private_json
from schemas.errors import StackError

USER: Final = "brushfire"
"""What Brushfire calls itself, to the broker and to the store."""
ROOT: Final = "cluster-root"
"""The store's administrator, who sets up the bucket and the user and does nothing else."""

Secret = Annotated[SecretStr, Field(min_length=16)]


class ClusterCredentials(BaseModel):
    """Passwords of the Kafka user, the store's user and the store's administrator, and the id of the Kafka cluster."""

    model_config = ConfigDict(frozen=True)

    kafka_password: Secret
    store_secret_key: Secret
    store_root_password: Secret
    cluster_id: str


def load_or_create(path: Path) -> ClusterCredentials:
    """The credentials in `path`, made up at the first start. Raises `StackError` for a damaged file."""
    if not path.exists():
        made = {name: secrets.token_urlsafe(30) for name in ClusterCredentials.model_fields}
        # Kafka writes its cluster id as 16 bytes in base64 for URLs.
        write_private_json(path, made | {"cluster_id": secrets.token_urlsafe(16)})
    try:
        return ClusterCredentials.model_validate(read_json(path))
    except ValidationError:
        raise StackError(f"{path} holds no credentials any more: delete its folder to have new ones made") from None
