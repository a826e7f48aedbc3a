"""Running MinIO: one node, one drive, with or without TLS."""

from __future__ import annotations

import os
import shutil
import ssl
from pathlib import Path
from typing import Final

import httpx

from infra.local.ports import LOOPBACK
from infra.local.specs import ProcessSpec
from tests.support.cluster.certificates import Certificates
from tests.support.cluster.credentials import ROOT, ClusterCredentials
from tests.support.cluster.minio_install import minio_program

NAME: Final = "minio"
CONSOLE: Final = "minio-console"
PORTS: Final = (NAME, CONSOLE)
MEMORY_LIMIT: Final = "512MiB"
"""Go's soft limit (GOMEMLIMIT): its collector works harder before the process grows beyond."""


def minio_spec(
    directory: Path,
    logs: Path,
    credentials: ClusterCredentials,
    ports: dict[str, int],
    certificates: Certificates | None,
    ready_seconds: float,
) -> ProcessSpec:
    """How to run the store on `directory`, listening on the loopback interface alone."""
    data = directory / "data"
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = _certificate_folder(directory, certificates)
    return ProcessSpec(
        name=NAME,
        argv=(str(minio_program()), "server", "--quiet", "--address", f"{LOOPBACK}:{ports[NAME]}",
              "--console-address", f"{LOOPBACK}:{ports[CONSOLE]}", "--certs-dir", str(folder), str(data)),
        env=_environment(directory, credentials),
        log_path=logs / "minio.log",
        cwd=directory,
        ready=lambda: _answers(ports[NAME], certificates),
        ready_seconds=ready_seconds,
        stop_seconds=15.0,
    )  # fmt: skip


def _certificate_folder(directory: Path, certificates: Certificates | None) -> Path:
    """The names under which MinIO looks for its certificate; where there are none it speaks plain HTTP."""
    folder = directory / "certificates"
    folder.mkdir(mode=0o700, exist_ok=True)
    if certificates:
        shutil.copyfile(certificates.certificate("server"), folder / "public.crt")
        (folder / "private.key").touch(mode=0o600)
        shutil.copyfile(certificates.key("server"), folder / "private.key")
    return folder


def _environment(directory: Path, credentials: ClusterCredentials) -> dict[str, str]:
    return {
        "HOME": str(directory),
        "PATH": os.environ.get("PATH", os.defpath),
        "GOMEMLIMIT": MEMORY_LIMIT,
        "MINIO_BROWSER": "off",
        "MINIO_UPDATE": "off",  # it would ask its makers for a newer version
        "MINIO_ROOT_USER": ROOT,
        "MINIO_ROOT_PASSWORD": credentials.store_root_password.get_secret_value(),
    }


async def _answers(port: int, certificates: Certificates | None) -> bool:
    verify = ssl.create_default_context(cafile=certificates.ca_file) if certificates else False
    scheme = "https" if certificates else "http"
    async with httpx.AsyncClient(trust_env=False, verify=verify, timeout=5.0) as client:
        return (await client.get(f"{scheme}://{LOOPBACK}:{port}/minio/health/cluster")).is_success
