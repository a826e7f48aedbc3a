"""The unit tests on each supported Python other than this one: ``python -m tests.support.pythons [VERSION ...]``.

Without an interpreter a version is skipped, with the reason; in CI that is a failure.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.pythons.interpreters import ROOT, NotFound, find, supported

ENVIRONMENTS = ROOT / ".pythons"
LOCK = ROOT / "requirements-dev.lock"
TESTS = ("tests/unit",)


def main(versions: list[str]) -> int:
    """Test on `versions`, by default on all others. Returns the number of versions that failed."""
    mine = "{}.{}".format(*sys.version_info)
    failed = []
    for version in versions or [version for version in supported() if version != mine]:
        try:
            interpreter = find(version)
        except NotFound as error:
            _say(f"Python {version} {'FAILED' if os.environ.get('CI') else 'skipped'}: {error}")
            failed += [version] * bool(os.environ.get("CI"))
            continue
        _say(f"Python {version}: {interpreter}")
        failed += [version] * (_test(_environment(version, interpreter)) != 0)
    return len(failed)


def _environment(version: str, interpreter: Path) -> Path:
    """The Python of an environment with the locked development dependencies; made again when the lock file changes."""
    directory = ENVIRONMENTS / version
    stamp = directory / hashlib.sha256(LOCK.read_bytes()).hexdigest()
    python = directory / "bin" / "python"
    if not stamp.exists():
        shutil.rmtree(directory, ignore_errors=True)
        _run(interpreter, "-m", "venv", "--without-pip", directory)
        _install(python, "--require-hashes", "-r", LOCK)
        _install(python, "--no-deps", "--no-build-isolation", "-e", ROOT)
        stamp.touch()
    return python


def _install(python: Path, *what: str | Path) -> None:
    if uv := shutil.which("uv"):
        _run(uv, "pip", "install", "--quiet", "--python", python, *what)
    else:
        _run(
            sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check", "install", "--quiet", *what
        )


def _test(python: Path) -> int:
    cache = python.parents[1] / ".pytest_cache"  # one for each version, so that each repeats its own failures
    command = [python, "-m", "pytest", "-n", "2", "-o", f"cache_dir={cache}", *TESTS]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
