"""Where the servers are installed: a cache outside the repository, one folder a version."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from schemas.errors import StackError

INSTALL_ADVICE: Final = "python -m tests.support.cluster install"
BUILD_SECONDS: Final = 1800.0
"""Building MinIO takes minutes on two cores, and its sources have to be fetched first."""


def cache_directory() -> Path:
    """The user's cache for Brushfire (XDG base directory specification)."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "brushfire"


def tool(name: str, purpose: str) -> Path:
    """The program `name` of this machine. Raises `StackError` where it is not installed."""
    found = shutil.which(name)
    if found is None:
        raise StackError(f"{name} is not installed; {purpose}. Install it, or use servers of your own")
    return Path(found)


def run(command: Sequence[str | Path], *, folder: Path, **variables: str) -> str:
    """Run `command` in `folder` and return its output. Raises `StackError` with its last words."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=folder,
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=BUILD_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise StackError(f"{command[0]} did not end within {BUILD_SECONDS:.0f} s") from None
    if done.returncode:
        last = "\n".join(done.stdout.splitlines()[-12:])
        raise StackError(f"{command[0]} ended with exit code {done.returncode}:\n{last}")
    return done.stdout
