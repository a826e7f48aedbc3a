"""MinIO built from its source by ``go install``, the way that its makers document."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

from schemas.errors import StackError
from tests.support.cluster.cache import INSTALL_ADVICE, cache_directory, run, tool

MODULE: Final = "github.com/minio/minio"
VERSION: Final = "v0.0.0-20260212201848-7aac2a2c5b7c"
"""The module has no tags that Go can order; this is its newest commit on the main branch."""


def minio_program() -> Path:
    """The installed server. Raises `StackError` where it is not there."""
    program = _folder() / "minio"
    if not os.access(program, os.X_OK):
        raise StackError(f"MinIO {VERSION} is not installed in {program.parent}: run `{INSTALL_ADVICE}`")
    return program


def install_minio() -> Path:
    """Build the server unless that very version is there, and return its path. Raises `StackError`."""
    go, folder = tool("go", "MinIO is built from its source with Go 1.24 or newer"), _folder()
    program = folder / "minio"
    if not program.is_file() or not _is_wanted(go, program):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as made:
            _build(go, Path(made))
            (Path(made) / "minio").replace(program)
    return minio_program()


def _folder() -> Path:
    return cache_directory() / f"minio-{VERSION}"


def _build(go: Path, made: Path) -> None:
    """Go checks the sources against its checksum database. Two compilers at once leave the machine usable."""
    run([go, "install", "-p", "2", f"{MODULE}@{VERSION}"], folder=made, GOBIN=str(made))
    if not _is_wanted(go, made / "minio"):
        raise StackError(f"go install made another program than {MODULE} {VERSION}")


def _is_wanted(go: Path, program: Path) -> bool:
    """Does the program say itself that it was built from this version?"""
    built_of = run([go, "version", "-m", program], folder=program.parent)
    return f"\tmod\t{MODULE}\t{VERSION}\t" in built_of
