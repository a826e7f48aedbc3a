"""What a brand must not touch, and the verdict on a signal."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Language, Model

Category = Literal[
    "death",
    "violence",
    "war",
    "disaster",
    "crime",
    "illness",
    "politics",
    "sexual",
    "minors",
    "never-list",
    "injection",
]
"""`never-list` is the campaign's own; `injection` is text that gives orders to a model."""


class Term(Model):
    """One entry of a lexicon.

    `text` is matched without case and width. In alphabetic scripts it matches whole words, a final ``*``
    any ending; in scripts without spaces it matches anywhere. `unless` lists phrases that make the
    match harmless where they contain it ("dead heat").
    """

    text: Annotated[str, Field(min_length=1)]
    category: Category
    unless: tuple[str, ...] = ()


class Lexicon(Model):
    """The words of one language, as versioned data."""

    language: Language
    version: str
    terms: tuple[Term, ...]


class Finding(Model):
    """Words that decided a verdict: which, of what category, and where they stood."""

    category: Category
    words: str
    where: str
    language: Language | None = None


class Verdict(Model):
    """May a brand answer this signal? `held` means that it cannot be judged and waits for a person."""

    decision: Literal["clear", "blocked", "held"]
    reason: str
    findings: tuple[Finding, ...] = ()
    languages: tuple[Language, ...] = ()
    lexicon_version: str
