"""The lexicons: for each language, the words that make a signal unfit for a brand, as versioned data files.

A lexicon file holds `language`, `version`, `terms` (a list of words and phrases for each category), `weak` (the same,
for words with many harmless uses) and `unless` (for a term, the phrases that make it harmless: "dead heat" for
"dead"). `schemas.safety.Term` says how they match. The files are TOML, whose parser is several times as fast as YAML's.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Annotated, Final

from pydantic import Field

from schemas.base import Language, Model
from schemas.safety import SURE, WEAK, Category, Lexicon, Term

_SUFFIX: Final = ".toml"


class LexiconFile(Model):
    """A lexicon as its file writes it: grouped by category, so that a speaker of the language can review it."""

    language: Language
    version: Annotated[str, Field(min_length=1)]
    terms: dict[Category, tuple[str, ...]]
    weak: dict[Category, tuple[str, ...]] = {}
    unless: dict[str, tuple[str, ...]] = {}

    def lexicon(self) -> Lexicon:
        """The lexicon. Raises ValueError for a term that is both sure and weak, and where `unless` names no term."""
        sure, weak = _listed(self.terms, SURE), _listed(self.weak, WEAK)
        both = sorted(sure.keys() & weak.keys())
        if both:
            raise ValueError(f"{self.language}: sure and weak at once: {', '.join(text for _, text in both)}")
        listed = sure | weak
        seen = {text for _, text in listed}
        unknown = sorted(set(self.unless) - seen)
        if unknown:
            raise ValueError(f"{self.language}: `unless` names {', '.join(unknown)}, which are no terms")
        terms = tuple(
            Term(text=text, category=category, confidence=confidence, unless=self.unless.get(text, ()))
            for (category, text), confidence in listed.items()
        )
        return Lexicon(language=self.language, version=self.version, terms=terms)


def _listed(terms: dict[Category, tuple[str, ...]], confidence: float) -> dict[tuple[Category, str], float]:
    return {(category, text): confidence for category, texts in terms.items() for text in texts}


def read_lexicon(text: str) -> Lexicon:
    """The lexicon written in the TOML `text`. Raises ValueError where it is none."""
    return LexiconFile.model_validate(tomllib.loads(text)).lexicon()


@cache
def load_lexicons() -> tuple[Lexicon, ...]:
    """Every lexicon of this folder, sorted by language; read once a process."""
    files = sorted(
        (entry for entry in resources.files(__name__).iterdir() if entry.name.endswith(_SUFFIX)),
        key=lambda entry: entry.name,
    )
    return tuple(read_lexicon(entry.read_text(encoding="utf-8")) for entry in files)
