"""May a brand answer this signal?

Every word of the topic and of the headlines is looked up: one forbidden word blocks. What cannot be judged is held for
a person, never answered: a language without a lexicon, or a bare keyword, for a trend such as 屋久島 (an
island) is innocent by its keyword and a drowning by its headlines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from routing.vocabulary import Hit, Text, Vocabulary
from schemas.safety import Category, Finding, Lexicon, Verdict
from schemas.signals import Signal

TextLanguages = Sequence[Sequence[str]]
"""For the topic and then each headline: the languages to judge it by, the main one first; empty where unknown."""

_WHERE_LIMIT: Final = 160
_FINDINGS_LIMIT: Final = 20
"""A verdict travels with its brief: enough findings for a person to see why, not every word of a flood."""
_SELF_EXPLAINING: Final = {"batch", "hero"}
"""Kinds of signals that a person wrote as a request: their topic is the whole story."""


class NeverList(Protocol):
    """Words that a campaign never answers."""

    def find(self, text: Text) -> Iterator[Hit[None]]:
        """The words that stand in `text`."""


@dataclass(frozen=True, slots=True)
class _Passage:
    """A text of the signal: where it stands, and by which languages it is judged."""

    where: str
    text: Text
    languages: tuple[str, ...]


def base(language: str) -> str:
    """The language of a tag without script and region: ``zh`` of ``zh-Hant``."""
    return language.split("-", maxsplit=1)[0].lower()


class Judge:
    """Judges signals by lexicons. Built once (it indexes them), then used for every signal."""

    def __init__(self, lexicons: Sequence[Lexicon]) -> None:
        self._versions: dict[str, str] = {}
        terms: dict[str, list[tuple[str, Sequence[str], Category]]] = {}
        orders: list[tuple[str, Sequence[str], Category]] = []
        for lexicon in lexicons:
            language = base(lexicon.language)
            self._versions[language] = lexicon.version
            for term in lexicon.terms:
                entry = (term.text, term.unless, term.category)
                (orders if term.category == "injection" else terms.setdefault(language, [])).append(entry)
        self._forbidden = {language: Vocabulary(terms.get(language, ())) for language in self._versions}
        # An order to a model works in any language, whatever surrounds it: every text is searched for all of them.
        self._orders = Vocabulary(orders)

    @property
    def languages(self) -> frozenset[str]:
        """The languages that can be judged."""
        return frozenset(self._versions)

    def verdict(self, signal: Signal, languages: TextLanguages, never: Sequence[str] = ()) -> Verdict:
        """The verdict on `signal`; `never` holds a campaign's words. Raises ValueError on a miscount of `languages`."""
        passages = _passages(signal, languages)
        words_never = Vocabulary((word, (), None) for word in never)
        every = (finding for passage in passages for finding in self._findings(passage, words_never))
        findings = _first_different(every)
        used = tuple(sorted({tongue for p in passages for tongue in self._known(p)}))
        decision, reason = self._decide(signal, passages, findings)
        return Verdict(
            decision=decision,
            reason=reason,
            findings=findings,
            languages=used,
            lexicon_version=" ".join(f"{tongue}@{self._versions[tongue]}" for tongue in used) or "none",
        )

    def _known(self, passage: _Passage) -> tuple[str, ...]:
        return tuple(tongue for tongue in passage.languages if tongue in self._versions)

    def _findings(self, passage: _Passage, never: NeverList) -> Iterator[Finding]:
        for language in self._known(passage):
            for hit in self._forbidden[language].find(passage.text):
                yield Finding(category=hit.label, words=hit.words, where=passage.where, language=language)
        for order in self._orders.find(passage.text):
            yield Finding(category=order.label, words=order.words, where=passage.where)
        for word in never.find(passage.text):
            yield Finding(category="never-list", words=word.words, where=passage.where)

    def _decide(self, signal: Signal, passages: Sequence[_Passage], findings: Sequence[Finding]) -> tuple[str, str]:
        if findings:
            first = findings[0]
            place = "the topic" if first.where == "topic" else f"the headline “{first.where}”"
            return "blocked", f"{first.category}: “{first.words}” in {place}"
        for passage in passages:
            if not passage.languages:
                return "held", f"the language of “{passage.text.folded[:80]}” cannot be told; a person must read it"
            if passage.languages[0] not in self._versions:
                return (
                    "held",
                    f"no lexicon for {passage.languages[0]} (“{passage.text.folded[:80]}”); a person must read it",
                )
        if not signal.headlines and signal.kind not in _SELF_EXPLAINING:
            return "held", "a bare keyword without a headline that explains it; a person must look it up"
        return "clear", "nothing that a brand must not touch in the topic or its headlines"


def _first_different(findings: Iterator[Finding]) -> tuple[Finding, ...]:
    """The first findings that differ; the search ends there, so that a flood of words costs no more than a few."""
    kept: dict[Finding, None] = {}
    for finding in findings:
        kept.setdefault(finding)
        if len(kept) == _FINDINGS_LIMIT:
            break
    return tuple(kept)


def _passages(signal: Signal, languages: TextLanguages) -> tuple[_Passage, ...]:
    """The signal's texts. A topic of unknown language is judged by the languages of its headlines."""
    texts = (signal.topic, *(headline.text for headline in signal.headlines))
    if len(languages) != len(texts):
        raise ValueError(f"{len(languages)} languages for {len(texts)} texts; give the topic's and each headline's")
    told = [tuple(dict.fromkeys(map(base, tongues))) for tongues in languages]
    around = tuple(dict.fromkeys(tongue for tongues in told for tongue in tongues))
    told[0] = tuple(dict.fromkeys((*told[0], *around)))
    places = ("topic", *(text[:_WHERE_LIMIT] for text in texts[1:]))
    return tuple(_Passage(place, Text(text), tongues) for place, text, tongues in zip(places, texts, told, strict=True))


def judge(signal: Signal, languages: TextLanguages, lexicons: Sequence[Lexicon], never: Sequence[str] = ()) -> Verdict:
    """The verdict on one signal. For many signals build a `Judge` once: it indexes the lexicons."""
    return Judge(lexicons).verdict(signal, languages, never)
