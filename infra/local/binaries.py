"""The servers' programs, which come as packages of this installation."""

from __future__ import annotations

import os
import sys
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from schemas.errors import StackError

_ADVICE = (
    "install Brushfire again (pip install --force-reinstall brushfire), or set kafka.addresses and store.endpoint "
    "to use servers of your own"
)


def packaged_program(distribution: str, program: str) -> Path:
    """The executable `program` that `distribution` installed. Raises `StackError` where there is none."""
    if sys.platform not in {"linux", "darwin"}:
        raise StackError(
            f"the embedded servers run on Linux and macOS, not on {sys.platform}: "
            "set kafka.addresses and store.endpoint to use servers elsewhere"
        )
    try:
        found = [file for file in files(distribution) or () if file.name == program]
    except PackageNotFoundError:
        raise StackError(f"the package {distribution} is missing: {_ADVICE}") from None
    path = Path(str(found[0].locate())).resolve() if found else None
    if path is None or not path.is_file():
        raise StackError(f"the package {distribution} has no program {program!r} for this machine: {_ADVICE}")
    if not os.access(path, os.X_OK):
        raise StackError(f"{path} may not be executed: chmod +x it, or {_ADVICE}")
    return path
