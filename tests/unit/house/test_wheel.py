"""The wheel has every file of the rooms, data too, and nothing of the tests."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ROOMS = ("schemas", "routing", "imaging", "infra", "workers")


def test_the_wheel_has_the_rooms_and_nothing_else(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    listed = subprocess.run(["git", "ls-files", *ROOMS], cwd=ROOT, check=True, capture_output=True, text=True)
    assert {file for file in listed.stdout.split("\n") if file and (ROOT / file).exists()} <= packed
    assert {name.split("/")[0] for name in packed} == set(ROOMS)
