from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from workers.cli import main as entry
from workers.cli.shared import console

WIDTH = 200
"""Columns of the terminal that commands write to, whatever runs the tests."""


class Said(NamedTuple):
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


Call = Callable[..., Said]


@pytest.fixture
def handlers() -> Iterator[None]:
    """The entry point sets signal handlers; afterwards they are the test runner's again."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture
def call(
    handlers: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., Said]:
    """`brushfire ARGUMENT…` in this process and in an empty folder, from the entry point on."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(console, "width", WIDTH)

    def run(*arguments: object) -> Said:
        monkeypatch.setattr("sys.argv", ["brushfire", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            entry.main()
        said = capsys.readouterr()
        code = ended.value.code
        return Said(code if isinstance(code, int) else 0, said.out, said.err)

    return run
