"""The settings from the environment and the file, with helpful errors; and back to variables for child processes."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, SecretStr, TypeAdapter, ValidationError
from pydantic_settings import NoDecode, SettingsError

from infra.settings.config_file import CONFIG_VARIABLE, reading_from
from infra.settings.root import DELIMITER, PREFIX, Settings
from schemas.errors import InvalidSettings

_JSON: Final = TypeAdapter(Any)


def load(config: Path | None = None, **overrides: Any) -> Settings:
    """The settings, `overrides` (top-level keys) first. Raises `InvalidSettings`."""
    try:
        _refuse_unknown_variables(os.environ)
        with reading_from(config):
            return Settings(**overrides)
    except ValidationError as error:
        raise InvalidSettings("\n".join(_explain(detail) for detail in error.errors())) from None
    except SettingsError as error:
        raise InvalidSettings(f"{error}; a group's key is written {PREFIX}GROUP{DELIMITER}KEY") from None


def _refuse_unknown_variables(variables: Mapping[str, str]) -> None:
    """pydantic-settings passes over a variable whose first part is no field; a misspelt group would be lost."""
    for name in variables:
        if not name.upper().startswith(PREFIX) or name.upper() == CONFIG_VARIABLE:
            continue
        group = name[len(PREFIX) :].split(DELIMITER)[0].lower()
        if group not in Settings.model_fields:
            raise InvalidSettings(f"{name}: there is no setting {group!r}{_nearest(group, Settings)}")


def _explain(detail: Any) -> str:
    path = [str(part) for part in detail["loc"]]
    where = ".".join(path)
    if detail["type"] == "model_type":
        return f"{where}: is a group; a group's key is written {PREFIX}GROUP{DELIMITER}KEY, in the file under [{where}]"
    if detail["type"] != "extra_forbidden":
        return f"{where}: {detail['msg']}"
    group = _group_at(path[:-1])
    return f"{where}: there is no such setting{_nearest(path[-1], group) if group else ''}"


def _group_at(path: list[str]) -> type[BaseModel] | None:
    """The group at `path`, or None where the path leads into a list."""
    group: type[BaseModel] = Settings
    for part in path:
        field = group.model_fields.get(part)
        if field is None or not (isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)):
            return None
        group = field.annotation
    return group


def _nearest(key: str, group: type[BaseModel]) -> str:
    known = list(group.model_fields)
    near = difflib.get_close_matches(key, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}"


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
