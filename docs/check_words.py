#!/usr/bin/env python3
"""Find retired words of docs/glossary.md in the repository: ``python docs/check_words.py [--count] [ROOT]``.

Names, docstrings, comments, messages and documents are all text here: identifiers are split into words, and a phrase
may continue on the next line. The script lies beside the glossary whose tables it reads. It needs no installation, so
that it can also read other versions of the code.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from itertools import pairwise
from pathlib import Path
from typing import Final

GLOSSARY: Final = Path(__file__).with_name("glossary.md")
SUFFIXES: Final = (".py", ".md", ".sh", ".yml", ".ini")
NAMES: Final = ("Makefile", "pyproject.toml", ".ci/run", ".pre-commit-config.yaml", ".editorconfig")
SAMPLES: Final = ("docs/glossary.md", "tests/data/*")
"""The glossary itself, and texts of other people."""

_WORD: Final = re.compile(r"[^\W\d_]+")
_HUMPS: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BETWEEN: Final = re.compile(r"""[\s_\-#>*"'`]*\Z""")
"""What may lie between the words of a phrase: blanks, underscores, and line ends with the marks that open a line."""


@dataclass(frozen=True)
class Retired:
    """A row of the glossary: phrases as tuples of lower-case words, and what to write instead of them."""

    name: str
    phrases: tuple[tuple[str, ...], ...]
    instead: str
    allowed: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Quotation:
    """A phrase that may stay in the files that match a pattern."""

    files: str
    phrase: tuple[str, ...]


@dataclass(frozen=True)
class Rules:
    """What the glossary says of retired words."""

    retired: tuple[Retired, ...]
    quotations: tuple[Quotation, ...]


@dataclass(frozen=True)
class Hit:
    """A retired word in a file."""

    file: str
    line: int
    found: str
    rule: Retired


def rules(glossary: str) -> Rules:
    """The tables "Retired words" and "Quotations" of the glossary's text."""
    retired = tuple(
        Retired(first.split(",")[0], _phrases(first), instead, _phrases(allowed))
        for first, instead, allowed in _rows(glossary, "Retired words")
    )
    quotations = tuple(
        Quotation(files.strip("`"), _phrase(quoted)) for files, quoted, _ in _rows(glossary, "Quotations")
    )
    return Rules(retired, quotations)


def words(text: str) -> list[tuple[str, int, int]]:
    """The words of `text` in lower case with their start and end; identifiers are split at humps and underscores."""
    found = []
    for run in _WORD.finditer(text):
        start = run.start()
        for part in _HUMPS.split(run.group()):
            found.append((part.lower(), start, start + len(part)))
            start += len(part)
    return found


def hits(text: str, file: str, rules: Rules) -> Iterator[Hit]:
    """The retired words in `text`, in the order of the text."""
    parts = words(text)
    free = {index for phrase in _allowed(file, rules) for at in _places(parts, text, phrase) for index in at}
    openings = _by_first_word(rules)
    for index, (word, start, _) in enumerate(parts):
        for phrase, rule in openings.get(word, ()):
            at = range(index, index + len(phrase))
            if _is_at(parts, text, index, phrase) and not free.issuperset(at):
                yield Hit(file, text.count("\n", 0, start) + 1, text[start : parts[at[-1]][2]], rule)
                break


def check(root: Path, rules: Rules) -> Iterator[Hit]:
    """The retired words in the text files of the repository at `root`, and in their paths."""
    for file in _files(root):
        yield from hits(file, file, rules)
        yield from hits((root / file).read_text(encoding="utf-8"), file, rules)


def _allowed(file: str, rules: Rules) -> Iterator[tuple[str, ...]]:
    for rule in rules.retired:
        yield from rule.allowed
    for quotation in rules.quotations:
        if fnmatch(file, quotation.files):
            yield quotation.phrase


def _by_first_word(rules: Rules) -> dict[str, list[tuple[tuple[str, ...], Retired]]]:
    found: dict[str, list[tuple[tuple[str, ...], Retired]]] = {}
    for rule in rules.retired:
        for phrase in rule.phrases:
            found.setdefault(phrase[0], []).append((phrase, rule))
    return found


def _places(parts: list[tuple[str, int, int]], text: str, phrase: tuple[str, ...]) -> Iterator[range]:
    for index, (word, _, _) in enumerate(parts):
        if word == phrase[0] and _is_at(parts, text, index, phrase):
            yield range(index, index + len(phrase))


def _is_at(parts: list[tuple[str, int, int]], text: str, index: int, phrase: tuple[str, ...]) -> bool:
    there = parts[index : index + len(phrase)]
    return tuple(word for word, _, _ in there) == phrase and all(
        _BETWEEN.match(text[end:start]) for (_, _, end), (_, start, _) in pairwise(there)
    )


def _files(root: Path) -> list[str]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, check=True)  # noqa: S603
    return [
        file
        for file in sorted(listed.stdout.decode().split("\n"))
        if (file.endswith(SUFFIXES) or file in NAMES)
        and not any(fnmatch(file, sample) for sample in SAMPLES)
        and (root / file).is_file()
    ]


def _phrases(cell: str) -> tuple[tuple[str, ...], ...]:
    return tuple(_phrase(text) for text in cell.split(",") if text.strip())


def _phrase(text: str) -> tuple[str, ...]:
    return tuple(word for word, _, _ in words(text))


def _rows(glossary: str, heading: str) -> Iterator[tuple[str, str, str]]:
    """The rows of the three-column table below `heading`."""
    section = glossary.split(f"\n## {heading}\n")[1].split("\n## ", maxsplit=1)[0]
    for line in [line for line in section.splitlines() if line.startswith("|")][2:]:
        first, second, third = (cell.strip() for cell in line.strip("|").split("|"))
        yield first, second, third


def main(arguments: list[str] | None = None) -> int:
    """Print each hit, or with ``--count`` their number by retired word. Returns 1 if there are any."""
    parser = argparse.ArgumentParser(description="Find retired words.")
    parser.add_argument("root", nargs="?", type=Path, default=GLOSSARY.parents[1], help="the repository to read")
    parser.add_argument("--count", action="store_true", help="print only how often each word occurs")
    asked = parser.parse_args(arguments)
    found = list(check(asked.root, rules(GLOSSARY.read_text(encoding="utf-8"))))
    if asked.count:
        for name, count in Counter(hit.rule.name for hit in found).most_common():
            sys.stdout.write(f"{count:6} {name}\n")
        sys.stdout.write(f"{len(found):6} in all\n")
    else:
        for hit in found:
            text = " ".join(hit.found.split())
            sys.stdout.write(f'{hit.file}:{hit.line}: "{text}": write {hit.rule.instead}\n')
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
