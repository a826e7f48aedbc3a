"""A store that a full disk has broken for good: it goes on failing after there is space again.

SeaweedFS keeps its directory in goleveldb, whose journal remembers the first write that failed and refuses all later
ones until it is opened anew. `weed` stays up and answers its health check, and every write to the directories of
that journal fails. Its log tells.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

SAID: Final = b"no space left on device"
ROOM_BYTES: Final = 50_000_000
"""With so much free on two looks in a row no write between them can have failed for want of space."""
READ_BYTES: Final = 1_000_000
"""Of what the log gained since the last look."""


def free_bytes(directory: Path) -> int:
    """What the disk of `directory` has left."""
    return shutil.disk_usage(directory).free


class BrokenByFullDisk:
    """Why the process that writes `log` is to be replaced; None where it is not. To be asked again and again."""

    def __init__(self, log: Path, directory: Path, free: Callable[[Path], int] = free_bytes) -> None:
        self._log = log
        self._directory = directory
        self._free = free
        self._read_to: int | None = None
        self._had_room = False

    def __call__(self) -> str | None:
        """Look at what the log has gained since the last look."""
        try:
            complains = SAID in self._gained()
            room = self._free(self._directory) >= ROOM_BYTES
        except OSError:  # the log is being rotated, or the disk is away: the next look will tell
            return None
        had_room, self._had_room = self._had_room, room
        return "it still finds no space on a disk that has some again" if complains and room and had_room else None

    def _gained(self) -> bytes:
        size = self._log.stat().st_size
        start = size if self._read_to is None or self._read_to > size else self._read_to
        with self._log.open("rb") as log:
            log.seek(max(start, size - READ_BYTES))
            gained = log.read(size - start)
        self._read_to = size
        return gained
