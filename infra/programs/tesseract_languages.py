"""Tesseract on this machine: its path, its version, and the languages that it has data for."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

LANGUAGES: Final[Mapping[str, str]] = {
    "be": "bel", "bg": "bul", "kk": "kaz", "ky": "kir", "mk": "mkd", "mn": "mon", "ru": "rus", "sr": "srp", "uk": "ukr",
}  # fmt: skip
"""Languages written in Cyrillic by their code in campaigns (ISO 639-1), and Tesseract's name for their data."""
LATIN: Final = "eng"
"""The data that reads Latin letters among Cyrillic ones."""

_ANSWERS_WITHIN: Final = 20.0
"""Seconds; it takes 0.02."""


def data_for(language: str, text: str) -> str | None:
    """The data with which Tesseract reads `text` of a `language` (such as "ru" or "uk-UA"): "rus" or "rus+eng".

    None: the language is not one of `LANGUAGES`, the text has letters beyond Cyrillic and Latin ones, or the program
    or its data is missing.
    """
    own = LANGUAGES.get(language.partition("-")[0])
    scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in text if letter.isalpha()}
    if own is None or not scripts <= {"CYRILLIC", "LATIN"}:
        return None
    needed = (own, LATIN) if "LATIN" in scripts else (own,)
    return "+".join(needed) if installed().issuperset(needed) else None


def program() -> str | None:
    """The path of the program."""
    return shutil.which("tesseract")


@lru_cache(maxsize=1)
def installed() -> frozenset[str]:
    """The languages that have data here; none without the program."""
    return frozenset(line for line in _listed()[1:] if line)


@lru_cache(maxsize=1)
def version() -> str:
    """The program's version and a digest of the data that it may use, which exists in three qualities."""
    path = program()
    if path is None:
        return "not installed"
    banner = _ask(path, "--version").partition("\n")[0].removeprefix("tesseract ").strip()
    used = [name for name in (*LANGUAGES.values(), LATIN) if name in installed()]
    return f"{banner} {' '.join(used)} {_digest(used)}".strip()


def _digest(names: list[str]) -> str:
    """The first digits of a SHA-256 over the data of `names`."""
    folder = Path(_listed()[0].partition('"')[2].partition('"')[0]) if names else Path()
    whole = hashlib.sha256()
    for name in names:
        data = folder / f"{name}.traineddata"
        whole.update(data.read_bytes() if data.is_file() else name.encode())
    return whole.hexdigest()[:8]


@lru_cache(maxsize=1)
def _listed() -> list[str]:
    """Its list of data: a line that names the folder, and then a language a line."""
    path = program()
    return _ask(path, "--list-langs").splitlines() or [""] if path else [""]


def _ask(path: str, option: str) -> str:
    """The program's output; "" where it fails."""
    try:
        done = subprocess.run([path, option], capture_output=True, timeout=_ANSWERS_WITHIN, check=True)  # noqa: S603 - found on the PATH
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode(errors="replace")
