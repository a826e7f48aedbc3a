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


Confidence = Annotated[float, Field(ge=0.0, le=1.0)]
"""0 to 1: how certain it is that words are of a kind that a brand must not touch."""

SURE = 0.9
"""The confidence of a term that nearly always means what it says."""
WEAK = 0.4
"""The confidence of a term with many harmless uses: alone it holds a signal, with another one it blocks."""


class Term(Model):
    """One entry of a lexicon.

    `text` is matched regardless of case and width. In alphabetic scripts it matches whole words, a final ``*`` any
    ending, a final ``~`` any inflection by the language's stemmer; in Han, kana and Hangul it matches anywhere.
    `unless` lists phrases that make the match harmless if they contain it ("dead heat").
    """

    text: Annotated[str, Field(min_length=1)]
    category: Category
    confidence: Annotated[Confidence, Field(gt=0.0)] = SURE
    unless: tuple[str, ...] = ()


class Lexicon(Model):
    """The words of one language, as versioned data."""

    language: Language
    version: str
    terms: tuple[Term, ...]


class Finding(Model):
    """Words that decided a verdict: which, of what category, and where they occurred."""

    category: Category
    words: str
    where: str
    language: Language | None = None
    confidence: Confidence = SURE


class Verdict(Model):
    """May a brand answer this signal? `held` means that it cannot be judged and waits for a person.

    `findings` are sorted by weight, and `category` is that of the first. `confidence` is that of all findings together,
    0 if there are none. `judged_by` names the language model that cleared a held signal.
    """

    decision: Literal["clear", "blocked", "held"]
    reason: str
    findings: tuple[Finding, ...] = ()
    category: Category | None = None
    confidence: Confidence = 0.0
    languages: tuple[Language, ...] = ()
    lexicon_version: str
    judged_by: Annotated[str, Field(max_length=120)] | None = None
