"""The settings file: its place and its content."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Final

from schemas.errors import InvalidSettings

CONFIG_VARIABLE: Final = "BRUSHFIRE_CONFIG"
DEFAULT_CONFIG: Final = Path("brushfire.toml")

_asked_for: ContextVar[Path | None] = ContextVar("config_file", default=None)


@contextmanager
def reading_from(config: Path | None) -> Iterator[None]:
    """Within the body `read_config` reads `config`; None: the file of `CONFIG_VARIABLE`, or the default."""
    token = _asked_for.set(config)
    try:
        yield
    finally:
        _asked_for.reset(token)


def read_config() -> dict[str, Any]:
    """The content of the file; nothing where there is none. Raises `InvalidSettings`."""
    asked = _asked_for.get() or os.environ.get(CONFIG_VARIABLE)
    path = Path(asked) if asked else DEFAULT_CONFIG
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        if asked:
            raise InvalidSettings(f"{path}: there is no such settings file; correct {CONFIG_VARIABLE}") from None
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidSettings(f"{path}: cannot be read as TOML: {error}") from None
