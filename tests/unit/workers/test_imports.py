"""What a process imports: who draws and measures nothing loads neither OpenCV nor onnxruntime nor the composer."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.command import environment
from workers.cli.app import COMMANDS, load_command

HEAVY = "('cv2', 'onnxruntime', 'imaging.composer')"
INTAKE = ", ".join(f"workers.intake.{name}" for name in ("entries", "feeds", "google_trends", "json_lines"))
LOADED = f"import sys; print([name for name in {HEAVY} if name in sys.modules])"
CALL = """
import sys
from workers.cli.main import main
sys.argv[1:] = {words!r}.split()
try:
    main()
except SystemExit:
    pass
"""


def loaded(code: str) -> str:
    """The last line that a process of its own writes after `code`: the heavy modules that it has loaded."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{LOADED}"], env=environment(), capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    "modules",
    [
        "workers.router",
        "workers.promoter",
        "workers.retrier",
        INTAKE,
        "workers.runtime.kinds, workers.runtime.launching",
    ],
)
def test_workers_that_draw_and_measure_nothing_are_light(modules: str) -> None:
    assert loaded(f"import {modules}") == "[]"


@pytest.mark.parametrize("words", ["--help", "outcomes --help", "spend --help"])
def test_help_is_light(words: str) -> None:
    assert loaded(CALL.format(words=words)) == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_summary_in_the_list_is_the_commands_own(name: str) -> None:
    own = (load_command(name).help or "").split("\n\n")[0]
    assert COMMANDS[name][1] == " ".join(own.split())
