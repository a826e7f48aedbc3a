"""Every command that a document names exists, with its options."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.unit.docs.documents import DOCUMENTS, ROOT, code, name
from workers.cli.app import COMMANDS, load_command

COMMAND = re.compile(r"(?:^|\s)brushfire ([a-z].*)$")
TARGET = re.compile(r"^make ([a-z][a-z-]*)")
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
MUST_NAME = {"run", "up", "feed", "outcomes", "lineage"}


def _lines(pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    found = ((name(path), pattern.search(line)) for path in DOCUMENTS for line in code(path.read_text("utf-8")))
    return [(file, match.group(1)) for file, match in found if match]


def _words(line: str) -> list[str]:
    return shlex.split(line.replace("…", "X"), comments=True)


def _resolve(words: list[str]) -> tuple[Any, list[str]]:
    """The command that `words` call, and the words after its name."""
    assert words[0] in COMMANDS, f"there is no `brushfire {words[0]}`"
    command, words = load_command(words[0]), words[1:]
    while hasattr(command, "commands"):
        assert words, f"{command.name}: no command is named"
        assert words[0] in command.commands, f"there is no `brushfire {words[0]}`"
        command, words = command.commands[words[0]], words[1:]
    return command, words


@pytest.mark.parametrize(("file", "line"), _lines(COMMAND))
def test_commands_exist_with_their_options(file, line):
    words = _words(line)
    if words[0] in {"campaigns", "models", "dead-letters"} and len(words) == 1:
        return
    command, rest = _resolve(words)
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in rest if word.startswith("--")} <= known | {"--help"}, file


@pytest.mark.parametrize(("file", "target"), sorted(set(_lines(TARGET))))
def test_make_targets_exist(file, target):
    assert target in TARGETS, file


def test_readme_shows_the_main_commands_and_targets():
    readme = code((ROOT / "README.md").read_text("utf-8"))
    commands = {match.group(1).split()[0] for line in readme if (match := COMMAND.search(line))}
    targets = {match.group(1) for line in readme if (match := TARGET.match(line))}
    assert commands >= MUST_NAME
    assert targets >= {"demo", "test", "lint", "faults", "bench"}


def test_scripts_named_exist():
    spans = [line for path in DOCUMENTS for line in code(path.read_text("utf-8"))]
    scripts = {word for line in spans if line.startswith("python ") for word in line.split() if word.endswith(".py")}
    assert scripts
    assert [script for script in scripts if not Path(ROOT, script).is_file()] == []
