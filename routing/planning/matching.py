"""Whether a campaign answers a signal; every answer gives a reason that a person can act on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from routing.safety.vocabulary import Text, Vocabulary
from schemas.base import base_language
from schemas.campaigns import Answers, Campaign
from schemas.signals import Signal

_WHERE_LIMIT: Final = 160


@dataclass(frozen=True, slots=True)
class FoundWord:
    """A word of the campaign that occurs in the signal: which, and where ("topic" or the headline)."""

    word: str
    where: str


@dataclass(frozen=True, slots=True)
class Match:
    """The campaign answers. `copy_language` is the key of `Campaign.copy_lines` that the ad is written in."""

    words: tuple[FoundWord, ...]
    copy_language: str

    @property
    def reason(self) -> str:
        """Which word matched where, for people."""
        return f"“{self.words[0].word}” is in {_place(self.words[0])}"


@dataclass(frozen=True, slots=True)
class NoMatch:
    """The campaign does not answer, for this reason."""

    reason: str


def matches(campaign: Campaign, signal: Signal, language: str | None) -> Match | NoMatch:
    """Whether `campaign` answers `signal`, whose language is `language` (None: unknown)."""
    answers = campaign.answers
    refusal = _outside(answers, signal, language)
    if refusal is not None or language is None:
        return NoMatch(refusal or "the signal's language is unknown")
    forbidden = next(_found(answers.never, signal), None)
    if forbidden is not None:
        return NoMatch(f"“{forbidden.word}” is on the campaign's never-list and is in {_place(forbidden)}")
    words = tuple(dict.fromkeys(_found(answers.topics, signal)))
    if not words:
        return NoMatch("none of the campaign's topics is in the topic or its headlines")
    tag = copy_language(tuple(campaign.copy_lines), language)
    if tag is None:
        return NoMatch(f"the campaign has no copy_lines in {language}")
    return Match(words, tag)


def signal_language(languages: Sequence[Sequence[str]]) -> str | None:
    """The language of a signal: that of most of its headlines, or its topic's if it has none.

    `languages` holds the languages of the topic and of each headline, the main one first.
    """
    headlines = Counter(tongues[0] for tongues in languages[1:] if tongues)
    if headlines:
        return headlines.most_common(1)[0][0]
    return next((tongues[0] for tongues in languages[:1] if tongues), None)


def copy_language(offered: Sequence[str], language: str) -> str | None:
    """The tag of `offered` that serves `language`: the tag itself, its base, or a sibling; None if there is none."""
    same_base = [tag for tag in offered if base_language(tag) == base_language(language)]
    ranked = sorted(same_base, key=lambda tag: (tag.lower() != language.lower(), tag != base_language(language)))
    return next(iter(ranked), None)


def _outside(answers: Answers, signal: Signal, language: str | None) -> str | None:
    """Why market, language or volume rule the signal out, or None."""
    if signal.market not in answers.markets:
        return f"market {signal.market} is not among the campaign's {', '.join(answers.markets)}"
    if language is not None and base_language(language) not in {base_language(tag) for tag in answers.languages}:
        return f"language {language} is not among the campaign's {', '.join(answers.languages)}"
    if signal.volume < answers.minimum_volume:
        volume = f"volume {signal.volume}" if signal.volume else "volume 0 (the source reported none)"
        return f"{volume} is below the campaign's {answers.minimum_volume}"
    return None


def _place(found: FoundWord) -> str:
    return "the topic" if found.where == "topic" else f"the headline “{found.where}”"


@lru_cache(maxsize=512)
def _vocabulary(words: tuple[str, ...]) -> Vocabulary[str]:
    """The index of a campaign's words; campaigns are few and signals many."""
    return Vocabulary((word, (), word) for word in words)


def _found(words: tuple[str, ...], signal: Signal) -> Iterator[FoundWord]:
    """Each of `words` that occurs in the signal, the topic first."""
    vocabulary = _vocabulary(words)
    yield from (FoundWord(hit.label, "topic") for hit in vocabulary.find(Text(signal.topic)))
    for headline in signal.headlines:
        where = headline.text[:_WHERE_LIMIT]
        yield from (FoundWord(hit.label, where) for hit in vocabulary.find(Text(headline.text)))
