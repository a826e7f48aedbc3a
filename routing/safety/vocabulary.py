"""Finds many words and phrases in one pass over a text.

Alphabetic entries match whole words (a final ``*``: any ending; a final ``~``: any inflection), word by word through a
dictionary; entries in Han, kana and Hangul match anywhere, by their first character. Both passes are linear in the
text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from routing.safety.inflection import Stem
from routing.safety.normalise import fold, is_unspaced, split_words

Label = TypeVar("Label")

_ARABIC_PREFIX: Final = re.compile(r"(?:[وف])?(?:[بكل]?ال|لل|[بكلس])?(?=[\u0621-\u064a]{3})")
"""Conjunction, preposition and article are attached to an Arabic word: والحرب is "and the war"."""


def _as_it_is(word: str) -> str:
    return word


@dataclass(frozen=True, slots=True)
class Pattern:
    """One word or phrase, ready for comparison. `words` is empty if `anywhere` is set; `form` maps words to stems."""

    text: str
    words: tuple[str, ...]
    open_ended: bool
    anywhere: bool
    form: Stem = _as_it_is

    @classmethod
    def of(cls, text: str, stem: Stem | None = None) -> Pattern:
        """The pattern of `text`, which may end in ``*``, or in ``~`` if there is a `stem`.

        Raises:
            ValueError: no letter or digit is left, or the stemmer is missing.
        """
        if text.endswith("~") and stem is None:
            raise ValueError(f"{text!r} asks for a stemmer, and its language has none; write * or list the forms")
        folded = fold(text.rstrip("*~"))
        anywhere = is_unspaced(folded)
        form = stem if stem is not None and text.endswith("~") else _as_it_is
        parts = () if anywhere else tuple(map(form, split_words(folded)))
        if not anywhere and not parts:
            raise ValueError(f"{text!r} holds no letter or digit; write a word or a phrase")
        return cls(folded, parts, text.endswith("*"), anywhere, form)

    @property
    def inflected(self) -> bool:
        """Whether stems are compared."""
        return self.form is not _as_it_is

    def matches_at(self, tokens: Sequence[str], start: int) -> bool:
        """Whether the pattern's words are those of `tokens` from `start` on."""
        end = start + len(self.words)
        if start < 0 or end > len(tokens):
            return False
        last, wanted = self.form(tokens[end - 1]), self.words[-1]
        return (last.startswith(wanted) if self.open_ended else last == wanted) and (
            tuple(map(self.form, tokens[start : end - 1])) == self.words[:-1]
        )


@dataclass(frozen=True, slots=True)
class _Entry(Generic[Label]):
    pattern: Pattern
    unless: tuple[Pattern, ...]
    label: Label


@dataclass(frozen=True, slots=True)
class Hit(Generic[Label]):
    """An entry found in a text: the text's own (folded) words, and the entry's label."""

    words: str
    label: Label


class Text:
    """A text prepared once, to be searched by several vocabularies."""

    def __init__(self, text: str) -> None:
        self.folded = fold(text)
        self.tokens = tuple(split_words(self.folded))


class Vocabulary(Generic[Label]):
    """An index of entries ``(text, exceptions, label)``; built once, searched often.

    `stem` is used for entries that end in ``~``.
    """

    def __init__(self, entries: Iterable[tuple[str, Sequence[str], Label]], stem: Stem | None = None) -> None:
        self._stem = stem
        self._stems: defaultdict[str, list[_Entry[Label]]] = defaultdict(list)
        self._whole: defaultdict[str, list[_Entry[Label]]] = defaultdict(list)
        self._openings: defaultdict[str, list[_Entry[Label]]] = defaultdict(list)
        self._anywhere: defaultdict[str, list[_Entry[Label]]] = defaultdict(list)
        for text, unless, label in entries:
            self._add(_Entry(Pattern.of(text, stem), tuple(Pattern.of(phrase, stem) for phrase in unless), label))
        self._opening_lengths = sorted({len(opening) for opening in self._openings})

    def _add(self, entry: _Entry[Label]) -> None:
        pattern = entry.pattern
        if pattern.anywhere:
            self._anywhere[pattern.text[0]].append(entry)
        elif pattern.inflected:
            self._stems[pattern.words[0]].append(entry)
        elif pattern.open_ended and len(pattern.words) == 1:
            self._openings[pattern.words[0]].append(entry)
        else:
            self._whole[pattern.words[0]].append(entry)

    def find(self, text: Text) -> Iterator[Hit[Label]]:
        """Every entry that occurs in `text` and is not excused there, in the order of the text."""
        for position, token in enumerate(text.tokens):
            for form in _forms(token):
                yield from self._at_word(text, position, form)
        if self._anywhere:
            for position, character in enumerate(text.folded):
                for entry in self._anywhere.get(character, ()):
                    if text.folded.startswith(entry.pattern.text, position) and not _excused(entry, text, position):
                        yield Hit(entry.pattern.text, entry.label)

    def _at_word(self, text: Text, position: int, form: str) -> Iterator[Hit[Label]]:
        for entry in self._candidates(form):
            tokens = (form, *text.tokens[position + 1 : position + len(entry.pattern.words)])
            if entry.pattern.matches_at(tokens, 0) and not _excused_word(entry, text, position):
                yield Hit(" ".join((text.tokens[position], *tokens[1:])), entry.label)

    def _candidates(self, form: str) -> Iterator[_Entry[Label]]:
        yield from self._whole.get(form, ())
        if self._stems and self._stem is not None:
            yield from self._stems.get(self._stem(form), ())
        for length in self._opening_lengths:
            if length > len(form):
                break
            yield from self._openings.get(form[:length], ())


def _forms(token: str) -> tuple[str, ...]:
    """`token`, and in Arabic script also the token without its attached prefix."""
    if not "\u0621" <= token[0] <= "\u064a":
        return (token,)
    prefix = _ARABIC_PREFIX.match(token)
    bare = token[prefix.end() :] if prefix else token
    return (token,) if bare == token else (token, bare)


def _excused(entry: _Entry[Label], text: Text, position: int) -> bool:
    """Whether a phrase of `unless` covers the match that starts at the character `position`."""
    end = position + len(entry.pattern.text)
    for phrase in entry.unless:
        earliest = max(0, end - len(phrase.text))
        if text.folded.find(phrase.text, earliest, position + len(phrase.text)) >= 0:
            return True
    return False


def _excused_word(entry: _Entry[Label], text: Text, position: int) -> bool:
    """Whether a phrase of `unless` covers the match that starts at the word `position`."""
    span = len(entry.pattern.words)
    return any(
        phrase.matches_at(text.tokens, start)
        for phrase in entry.unless
        for start in range(position + span - len(phrase.words), position + 1)
    )
