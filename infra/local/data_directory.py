"""The data directory: its files, and the lock that gives it to one run at a time."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from pathlib import Path
from typing import Final

from schemas.errors import StackError

MINIMUM_FREE_BYTES: Final = 256 * 1024 * 1024
"""The store opens files of tens of megabytes before the first image, and stops taking writes on a full disk."""


class DataDirectory:
    """``root`` with its fixed names. `lock` before using it, `unlock` after."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self.logs = self.root / "logs"
        self.store = self.root / "store"
        self.ephemeral_store = self.root / "ephemeral"
        self.credentials = self.root / "credentials.json"
        self.ports = self.root / "ports.json"
        self.processes = self.root / "run.json"
        self.discovery = self.root / "stack.json"
        self.lock_file = self.root / "lock"
        self._descriptor: int | None = None

    def lock(self) -> None:
        """Create the directory, check that it can be used, and take it. Raises `StackError`."""
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self.lock_file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise _unusable(self.root, error) from error
        try:
            self._take(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor

    def unlock(self) -> None:
        """Give the directory back. The lock's file stays: to remove it would let two runs lock two files."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _take(self, descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            free = shutil.disk_usage(self.root).free
            if free < MINIMUM_FREE_BYTES:
                raise _full(self.root, free)
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        except BlockingIOError:
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace") or "unknown"
            raise StackError(
                f"{self.root} is in use by the run with process number {holder}: stop it with Ctrl-C, "
                "or set another directory with BRUSHFIRE_DATA"
            ) from None
        except OSError as error:
            raise _unusable(self.root, error) from error


def _unusable(root: Path, error: OSError) -> StackError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return _full(root, 0)
    return StackError(f"{root} cannot be used for data ({error}): make it writable, or set BRUSHFIRE_DATA")


def _full(root: Path, free: int) -> StackError:
    return StackError(
        f"{free / 1e6:.0f} MB are free where {root} is, {MINIMUM_FREE_BYTES / 1e6:.0f} MB are needed: "
        "free some space, or set BRUSHFIRE_DATA to a directory on another disk"
    )
