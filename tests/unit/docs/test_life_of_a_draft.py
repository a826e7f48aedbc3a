"""The page on the life of a draft job names files that exist, and that hand the job on to each other."""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/life-of-a-draft.md").read_text("utf-8")
SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
ROW = re.compile(r"^\| \d[^|]*\| `([^`]+\.py)` \|", re.MULTILINE)
COUNT = re.compile(r"^\| with .*\| (\d+) \| (\d+):", re.MULTILINE)


def files_of(title: str) -> list[str]:
    """The files in the table of a section, in their order."""
    parts = SECTION.split(PAGE)
    return ROW.findall(dict(zip(parts[1::2], parts[2::2], strict=True))[title])


def way(model: str) -> list[str]:
    """All files on the way with a kind of model."""
    return [*files_of("To the drafter"), *files_of(model), *files_of("Back to the topic")]


WAYS = [way("With the composer"), way("With an API on the network")]


def imports(file: str) -> set[str]:
    """The project's files that `file` imports, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / file).read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            found |= {path for name in names if (ROOT / (path := name.replace(".", "/") + ".py")).is_file()}
    return found


def reached(file: str) -> set[str]:
    """What `file` imports, directly or through one file between (a handler and its guard meet in the runtime)."""
    direct = imports(file)
    return direct.union(*(imports(one) for one in direct))


@pytest.mark.parametrize("files", WAYS, ids=["composer", "api"])
def test_each_file_is_connected_with_an_earlier_one(files: list[str]) -> None:
    for place, file in enumerate(files[1:], 1):
        assert any(file in reached(one) or one in reached(file) for one in files[:place]), file


@pytest.mark.parametrize("named", sorted(set(re.findall(r"`([\w/]+/\w+\.py)`", PAGE))))
def test_every_file_that_the_page_names_exists(named: str) -> None:
    assert (ROOT / named).is_file()


def test_the_counts_are_those_of_the_tables() -> None:
    rooms = [[file.partition("/")[0] for file in files] for files in WAYS]
    changes = [sum(one != other for one, other in pairwise(way)) for way in rooms]
    assert COUNT.findall(PAGE) == [(str(len(way)), str(count)) for way, count in zip(rooms, changes, strict=True)]
