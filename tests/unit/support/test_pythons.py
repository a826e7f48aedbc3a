"""Interpreters of the supported Pythons are found, and what was tried is reported where there is none."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support.coverage import table
from tests.support.pythons import debian, interpreters
from tests.support.pythons.__main__ import main

MINE = "{}.{}".format(*sys.version_info)


@pytest.fixture
def nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without interpreters, uv and Debian's tools."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setattr(interpreters, "HOME", tmp_path)


def test_the_classifiers_say_which_pythons_are_supported(tmp_path: Path) -> None:
    lines = "".join(f'"Programming Language :: Python :: {version}",' for version in ("3.9", "3", "3.10"))
    (tmp_path / "pyproject.toml").write_text(f'[project]\nclassifiers = [{lines} "Typing :: Typed"]\n')

    assert interpreters.supported(tmp_path / "pyproject.toml") == ["3.9", "3.10"]


def test_an_interpreter_on_the_path_is_found(nothing: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / f"python{MINE}").symlink_to(sys.executable)

    assert interpreters.find(MINE) == tmp_path / f"python{MINE}"


def test_a_file_that_only_has_the_name_is_passed_over(nothing: None, tmp_path: Path) -> None:
    (tmp_path / "python3.99").write_text("#!/bin/sh\nexit 127\n")
    (tmp_path / "python3.99").chmod(0o755)

    with pytest.raises(interpreters.NotFound, match=r"no python3\.99 on PATH, in pyenv or from uv; .*without apt-get"):
        interpreters.find("3.99")


def test_what_was_unpacked_once_is_used_again(nothing: None, tmp_path: Path) -> None:
    interpreter = tmp_path / f"debian-python{MINE}" / "usr" / "bin" / f"python{MINE}"
    interpreter.parent.mkdir(parents=True)
    interpreter.symlink_to(sys.executable)

    assert interpreters.find(MINE) == interpreter
    assert list(debian.unpacked("3.99", tmp_path)) == []


@pytest.mark.parametrize(("ci", "failures", "word"), [("", 0, "skipped"), ("true", 1, "FAILED")])
def test_a_missing_python_is_skipped_and_fails_in_ci(
    nothing: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    ci: str,
    failures: int,
    word: str,
) -> None:
    monkeypatch.setenv("CI", ci)

    assert main(["3.99"]) == failures
    assert f"Python 3.99 {word}: no python3.99 on PATH" in capsys.readouterr().out


def test_coverage_is_summed_by_room() -> None:
    def file(*counts: int) -> dict[str, dict[str, int]]:
        names = ("covered_lines", "missing_lines", "covered_branches", "missing_branches")
        return {"summary": dict(zip(names, counts, strict=True))}

    report = {"files": {"a/x.py": file(3, 1, 1, 1), "a/y.py": file(4, 0, 0, 0), "b.py": file(0, 2, 0, 0)}}

    assert [row.split() for row in table(report).splitlines()[1:]] == [
        ["a", "87.5%", "50.0%"],
        ["b.py", "0.0%", "-"],
        ["all", "70.0%", "50.0%"],
    ]
