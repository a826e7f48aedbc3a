"""Free ports of the loopback interface."""

from __future__ import annotations

import errno
import secrets
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from infra.local.files import read_json, write_private_json
from schemas.errors import PortTaken, StackError

LOOPBACK: Final = "127.0.0.1"
FIRST_PORT: Final = 20_000
LAST_PORT: Final = 32_000
"""Below the range from which Linux (32768 up) and macOS (49152 up) take ports for outgoing connections: such a
connection could otherwise sit on a server's port when the server is started again."""
_ATTEMPTS: Final = 1000


def is_free(port: int) -> bool:
    """Could a server listen on `port` now? Closing connections of its last server (TIME_WAIT) do not hinder.

    Both servers bind with SO_REUSEADDR, as this probe does.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                return False
            raise
    return True


def choose_ports(names: Sequence[str], fixed: Mapping[str, int | None], remembered: Path) -> dict[str, int]:
    """A port for each of `names`: the fixed one, that of the last run where it is free, or a random free one.

    Keeping ports lets a durable store come up as the one that it was. Raises `PortTaken`.
    """
    last = remembered_ports(remembered)
    ports: dict[str, int] = {}
    for name in names:
        asked, before = fixed.get(name), last.get(name)
        if asked is not None and (asked in ports.values() or not is_free(asked)):
            raise PortTaken(asked, name)
        if asked is None and before is not None and before not in ports.values() and is_free(before):
            asked = before
        ports[name] = asked or _random_free(set(ports.values()))
    write_private_json(remembered, {**last, **ports})
    return ports


def remembered_ports(path: Path) -> dict[str, int]:
    """The ports of the last run, by name."""
    stored = read_json(path)
    pairs = stored.items() if isinstance(stored, dict) else ()
    return {name: port for name, port in pairs if isinstance(port, int)}


def _random_free(taken: set[int]) -> int:
    for _ in range(_ATTEMPTS):
        port = FIRST_PORT + secrets.randbelow(LAST_PORT - FIRST_PORT)
        if port not in taken and is_free(port):
            return port
    raise StackError(f"no free port between {FIRST_PORT} and {LAST_PORT} on {LOOPBACK}: stop what listens there")
