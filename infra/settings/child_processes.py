"""The settings as environment variables."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel, SecretStr, TypeAdapter
from pydantic_settings import NoDecode

from infra.settings.root import DELIMITER, PREFIX, Settings

_JSON: Final = TypeAdapter(Any)


def environment(settings: Settings) -> dict[str, str]:
    """`settings` as ``BRUSHFIRE_`` variables, secrets included, for child processes of this machine."""
    resolved = settings.model_copy(update={"data": settings.data.absolute()})
    return dict(_flatten(resolved, PREFIX))


def _flatten(group: BaseModel, prefix: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, field in type(group).model_fields.items():
        value, key = getattr(group, name), prefix + name.upper()
        if isinstance(value, BaseModel):
            pairs += _flatten(value, key + DELIMITER)
        elif isinstance(value, tuple) and NoDecode not in field.metadata:
            pairs.append((key, _JSON.dump_json(value).decode()))
        elif value is not None:
            pairs.append((key, _text(value)))
    return pairs


def _text(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, tuple):
        return ",".join(str(item) for item in value)
    return str(value).lower() if isinstance(value, bool) else str(value)
