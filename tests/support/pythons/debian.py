"""A Python from the packages of a newer Debian, unpacked into a directory: nothing is installed on the machine.

The packages bring their own C library. The interpreter is changed to use that one (with `patchelf`), so that it runs on
an older Debian too.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SUITES = ("forky", "sid")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
LIBRARIES = "lib/x86_64-linux-gnu"
LOADER = "ld-linux-x86-64.so.2"
TOOLS = ("apt-get", "dpkg-deb")
PATCHELF = Path(sys.executable).with_name("patchelf")
"""From the development environment: Debian's version 0.18 makes a program that crashes."""


class NoPackage(Exception):
    """Debian's packages cannot be had here, or have no such Python."""


def unpacked(version: str, home: Path) -> Iterator[Path]:
    """The interpreter that `unpack` left in `home`, if there is one."""
    interpreter = _interpreter(version, home)
    if interpreter.exists():
        yield interpreter


def unpack(version: str, home: Path) -> Path:
    """Load python`version` with all that it needs and unpack it below `home`. Raises NoPackage."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None] + [str(KEYRING)] * (not KEYRING.exists())
    if missing:
        raise NoPackage(f"Debian's packages cannot be loaded without {', '.join(missing)}")
    mirror, reasons = _mirror(), []
    for suite in SUITES:
        try:
            archives = _load(version, mirror, suite, home / f"debian-python{version}-from-{suite}")
        except subprocess.CalledProcessError as error:
            reasons.append(f"Debian {suite}: {_last_line(error.stderr)}")
            continue
        return _lay_out(version, archives, home)
    raise NoPackage("; ".join(reasons))


def _mirror() -> str:
    """The archive that this machine's own apt loads Debian from. Raises NoPackage where it has none."""
    command = ["apt-get", "indextargets", "--format", "$(REPO_URI)"]
    listed = subprocess.run(command, check=False, capture_output=True, text=True).stdout.split()
    mirror = next((uri for uri in listed if uri.rstrip("/").endswith("/debian")), None)
    if mirror is None:
        raise NoPackage("apt has no Debian archive in its sources; run `apt-get update` if it is a new machine")
    return mirror


def _load(version: str, mirror: str, suite: str, state: Path) -> list[Path]:
    """The archives of python`version` and its dependencies, with lists and caches of their own."""
    for directory in ("lists/partial", "cache/archives/partial"):
        (state / directory).mkdir(parents=True, exist_ok=True)
    (state / "status").touch()  # nothing counts as installed, so the C library is loaded too
    (state / "sources.list").write_text(f"deb [arch=amd64 signed-by={KEYRING}] {mirror} {suite} main\n")
    settings = {
        "Dir::Etc::sourcelist": state / "sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State::lists": state / "lists",
        "Dir::State::status": state / "status",
        "Dir::Cache": state / "cache",
        "APT::Install-Recommends": "false",
        "APT::Sandbox::User": "root",
        "Debug::NoLocking": "true",
    }
    options = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
    for command in (["update"], ["install", "--download-only", "--yes", f"python{version}"]):
        subprocess.run(["apt-get", "-qq", *options, *command], check=True, capture_output=True, text=True)
    return sorted((state / "cache" / "archives").glob("*.deb"))


def _lay_out(version: str, archives: list[Path], home: Path) -> Path:
    """Unpack `archives`, and let the interpreter load the C library and the other libraries among them."""
    interpreter = _interpreter(version, home)
    root = interpreter.parents[1]
    for archive in archives:
        subprocess.run(["dpkg-deb", "--extract", archive, root.parent], check=True)
    libraries = root / LIBRARIES
    changes = ("--set-interpreter", libraries / LOADER, "--force-rpath", "--set-rpath", libraries)
    subprocess.run([PATCHELF, *changes, interpreter], check=True)
    return interpreter


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no message"])[-1]


def _interpreter(version: str, home: Path) -> Path:
    return home / f"debian-python{version}" / "usr" / "bin" / f"python{version}"
