"""The check of retired words finds them in every kind of text, and little else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from docs import check_words

GLOSSARY = """
## Retired words

| retired | write instead | allowed |
| --- | --- | --- |
| gloop, gloops | slime | |
| in paw | in flight | |
| for bad | permanently | for bad weather |

## Quotations

| files | phrase | reason |
| --- | --- | --- |
| `prompts/*.py` | the old gloop | a prompt |
"""
RULES = check_words.rules(GLOSSARY)


def found(text: str, file: str = "a.py") -> list[tuple[int, str]]:
    return [(hit.line, hit.found) for hit in check_words.hits(text, file, RULES)]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("gloop = 1", "gloop"),
        ("class GloopStore:", "Gloop"),
        ("def put_gloops(a):", "gloops"),
        ("MANY_GLOOPS: Final = 2", "GLOOPS"),
        ("HTTPGloop()", "Gloop"),
        ("# a gloop", "gloop"),
        ('"""A gloop."""', "gloop"),
        ("f'{n} gloops'", "gloops"),
        ("jobs_in_paw", "in_paw"),
        ("| a | **gloop** |", "gloop"),
    ],
)
def test_words_are_found_in_names_comments_strings_and_documents(text: str, word: str) -> None:
    assert found(text) == [(1, word)]


@pytest.mark.parametrize("text", ["gloopy", "agloop", "in a paw", "in, paw", "in (paw)", "for bad\n    weather"])
def test_longer_words_broken_phrases_and_allowed_phrases_are_not_found(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("text", ["x = 1\n# jobs in\n    # paw", "jobs\nin\n    paw", "> jobs\n> in\n> paw"])
def test_a_phrase_continues_on_the_next_line(text: str) -> None:
    assert found(text) != []


def test_a_hit_names_its_line() -> None:
    assert found("\n\ngloop\nx\nfor bad") == [(3, "gloop"), (5, "for bad")]


def test_a_quotation_is_allowed_in_its_files_and_only_there() -> None:
    assert found("the old gloop", "prompts/one.py") == []
    assert found("the old gloop") == [(1, "gloop")]
    assert found("a new gloop", "prompts/one.py") == [(1, "gloop")]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "glossary").write_text(GLOSSARY)
    monkeypatch.setattr(check_words, "GLOSSARY", tmp_path / "glossary")
    root = tmp_path / "root"
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    (root / "gloop.py").write_text("x = 1\n")
    (root / "notes.md").write_text("one\nGloops in\npaw\n")
    (root / "sample.json").write_text('"gloop"')
    return root


def test_code_documents_and_file_names_are_read_and_data_is_not(repository: Path) -> None:
    assert [(hit.file, hit.line) for hit in check_words.check(repository, RULES)] == [
        ("gloop.py", 1),
        ("notes.md", 2),
        ("notes.md", 2),
    ]


def test_the_command_says_what_to_write_instead(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check_words.main([str(repository)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        'gloop.py:1: "gloop": write slime',
        'notes.md:2: "Gloops": write slime',
        'notes.md:2: "in paw": write in flight',
    ]


def test_the_command_counts(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check_words.main(["--count", str(repository)]) == 1
    assert capsys.readouterr().out.split() == ["2", "gloop", "1", "in", "paw", "3", "in", "all"]


def test_a_repository_without_retired_words_passes(repository: Path) -> None:
    (repository / "gloop.py").unlink()
    (repository / "notes.md").unlink()

    assert check_words.main([str(repository)]) == 0


def test_the_glossary_has_rules_that_can_be_read() -> None:
    rules = check_words.rules(check_words.GLOSSARY.read_text(encoding="utf-8"))

    assert all(rule.phrases and rule.instead for rule in rules.retired)
    assert len({phrase for rule in rules.retired for phrase in rule.phrases}) > 50
