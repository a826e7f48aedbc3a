"""The supported Pythons, and where their interpreters are on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.support.cluster.cache import cache_directory
from tests.support.pythons import debian

ROOT = Path(__file__).resolve().parents[3]
HOME = cache_directory() / "pythons"
"""Where interpreters are unpacked that are not on this machine."""


class NotFound(Exception):
    """No interpreter of a version can be had here. The message says what was tried."""


def supported(pyproject: Path = ROOT / "pyproject.toml") -> list[str]:
    """The versions among the classifiers of the project, such as ``3.12``, the oldest first."""
    classifiers = tomllib.loads(pyproject.read_text("utf-8"))["project"]["classifiers"]
    versions = [line.rpartition(" :: ")[2] for line in classifiers if line.startswith("Programming Language :: Python")]
    return sorted((version for version in versions if "." in version), key=lambda version: int(version.split(".")[1]))


def find(version: str) -> Path:
    """An interpreter of `version`: from PATH, pyenv or uv, else unpacked from Debian's packages. Raises NotFound."""
    for candidate in (*_installed(version), *debian.unpacked(version, HOME)):
        if answers(candidate, version):
            return candidate
    try:
        return debian.unpack(version, HOME)
    except debian.NoPackage as error:
        raise NotFound(f"no python{version} on PATH, in pyenv or from uv; {error}") from error


def answers(interpreter: Path, version: str) -> bool:
    """Whether `interpreter` starts and is a CPython of `version`."""
    say = "import sys; print(sys.implementation.name, '%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run([interpreter, "-c", say], capture_output=True, text=True, check=False, timeout=60)
    except OSError:
        return False
    return answer.stdout.split() == ["cpython", version]


def _installed(version: str) -> Iterator[Path]:
    if on_path := shutil.which(f"python{version}"):
        yield Path(on_path)
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted(pyenv.glob(f"versions/{version}.*/bin/python{version}"), reverse=True)
    if uv := shutil.which("uv"):
        managed = subprocess.run(
            [uv, "python", "find", "--managed-python", version], capture_output=True, text=True, check=False
        )
        if managed.returncode == 0:
            yield Path(managed.stdout.strip())
