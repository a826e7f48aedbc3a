"""Small files of the data directory: private, replaced as a whole, never half-written."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

KEPT_LOGS = 5
"""Log files kept of each process: this start's and the four before."""


def write_private_json(path: Path, value: Any) -> None:
    """Replace `path` by `value` as JSON, readable by its owner alone."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(value, file, indent=2)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def read_json(path: Path) -> Any:
    """What `path` holds, or None where it is missing or no JSON (a torn file of another program)."""
    try:
        return json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def rotate(log: Path) -> None:
    """Make room for a new `log`: ``broker.log`` becomes ``broker.1.log``, and so on; the oldest goes."""
    log.parent.mkdir(parents=True, exist_ok=True)
    for number in range(KEPT_LOGS - 1, 0, -1):
        older = log.with_suffix(f".{number}{log.suffix}")
        newer = log if number == 1 else log.with_suffix(f".{number - 1}{log.suffix}")
        if newer.exists():
            newer.replace(older)


def last_lines(log: Path, count: int = 8) -> str:
    """The last `count` lines of `log`, from its last 8 KB."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 8192))
            return "\n".join(file.read().decode("utf-8", "replace").splitlines()[-count:])
    except OSError:
        return ""
