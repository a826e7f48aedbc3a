"""Reads the compose files as `docker compose` would, as far as they go: interpolation, merge keys, extends, override.

Docker is not needed for it; where `docker compose` is there, a test compares with what that says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

import infra.deploy

FOLDER = Path(infra.deploy.__file__).parent
ONE = ("docker-compose.yml",)
THREE = ("docker-compose.yml", "docker-compose.three-brokers.yml")
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?:(?P<kind>:-|:\?)(?P<rest>[^}]*))?\}")

SECRETS = {
    "KAFKA_CLUSTER_ID": "MkU3OEVBNTcwNTJENDM2Qk",
    "KAFKA_PASSWORD": "kafka-password-of-a-test",
    "STORE_ROOT_PASSWORD": "root-password-of-a-test",
    "STORE_SECRET_KEY": "secret-key-of-a-test",
}


def project(files: tuple[str, ...], variables: Mapping[str, str]) -> dict[str, Any]:
    """The services by name, each whole. Raises `KeyError` for a variable that has to be set and is not."""
    services: dict[str, Any] = {}
    for name in files:
        for service, text in _read(name, variables)["services"].items():
            services[service] = _merged(services.get(service, {}), _extended(text, variables))
    return services


def _read(name: str, variables: Mapping[str, str]) -> Any:
    text = (FOLDER / name).read_text("utf-8").replace("!override", "")  # in these files it marks a list that replaces
    return _plain(YAML(typ="safe").load(VARIABLE.sub(lambda match: _value(match, variables), text)))


def _value(match: re.Match[str], variables: Mapping[str, str]) -> str:
    value = variables.get(match["name"], "")
    if match["kind"] == ":-":
        return value or match["rest"]
    if not value:
        raise KeyError(match["rest"])
    return value


def _extended(service: dict[str, Any], variables: Mapping[str, str]) -> dict[str, Any]:
    base = service.pop("extends", None)
    if base is None:
        return service
    return _merged(_read(base["file"], variables)["services"][base["service"]], service)


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merged(merged[key], value) if both else value
    return merged


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
