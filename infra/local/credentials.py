"""The embedded store's generated credentials."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from infra.local.files import read_json, write_private_json
from schemas.errors import StackError

Secret = Annotated[SecretStr, Field(min_length=16)]


class Credentials(BaseModel):
    """The key pair that clients sign with, and the keys by which the store's own parts know one another."""

    model_config = ConfigDict(frozen=True)

    access_key: str
    secret_key: Secret
    volume_key: Secret
    filer_key: Secret
    admin_password: Secret


def load_or_create(path: Path) -> Credentials:
    """The credentials in `path`, made up at the first start. A durable store opens with the same ones again."""
    if not path.exists():
        made = {name: secrets.token_urlsafe(30) for name in Credentials.model_fields}
        write_private_json(path, made | {"access_key": f"brushfire-{secrets.token_hex(8)}"})
    try:
        path.chmod(0o600)
        return Credentials.model_validate(read_json(path))
    except ValidationError:
        raise StackError(f"{path} holds no credentials any more: delete it to have new ones made") from None
