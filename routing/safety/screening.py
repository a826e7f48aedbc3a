"""Screens signals by lexicons: may a brand answer this signal?

Every word of the topic and of the headlines is looked up. One sure word blocks, one weak word holds, two weak words
block. Headlines weigh more than the keyword, which they explain. What cannot be judged is held for a person and never
answered: a language without a lexicon, or a bare keyword, because a trend such as 屋久島 (an island) is innocent by its
keyword and a drowning by its headlines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Final, Protocol

from routing.safety.inflection import inflects, stemmer
from routing.safety.normalise import disguised
from routing.safety.vocabulary import Hit, Text, Vocabulary
from schemas.base import base_language
from schemas.safety import Category, Finding, Lexicon, Term, Verdict
from schemas.signals import Signal

TextLanguages = Sequence[Sequence[str]]
"""For the topic and then each headline: the languages to judge it by, the main one first; empty if unknown."""

_WHERE_LIMIT: Final = 160
_FINDINGS_LIMIT: Final = 20
"""A verdict travels with its brief: enough findings for a person to see why, not every word of a flood."""
_BLOCKS: Final = 0.5
"""Confidence from which a signal is blocked: more likely than not. Below, a person checks the weak words."""
_TOPIC_SHARE: Final = 0.5
"""Factor on a topic's confidence if headlines explain it: a band called The Killers is no killing. A sure word (0.9) of
the topic that no headline repeats then holds the signal; two of them block it."""
_CERTAIN: Final = 1.0
_SELF_EXPLAINING: Final = {"batch", "hero"}
"""Kinds of signals that a person wrote as a request: their topic is the whole story."""


TermLabel = tuple[Category, float]
"""Category and confidence of a term."""


class NeverList(Protocol):
    """Words that a campaign never answers."""

    def find(self, text: Text) -> Iterator[Hit[None]]:
        """Find the words in a text.

        Args:
            text: a prepared text of the signal.

        Returns:
            A hit for each word that occurs, in the order of the text.
        """


@dataclass(frozen=True, slots=True)
class _Passage:
    """A text of the signal: where it is, by which languages it is judged, and a factor on the confidence of its terms.

    `readings` are the text, and the words that occur in it in disguise.
    """

    where: str
    text: Text
    languages: tuple[str, ...]
    share: float = 1.0

    @property
    def readings(self) -> tuple[Text, ...]:
        hidden = " . ".join(disguised(self.text.folded))
        return (self.text, Text(hidden)) if hidden else (self.text,)


class SignalScreen:
    """Screens signals by lexicons. Built once (it indexes them), then used for every signal."""

    def __init__(self, lexicons: Sequence[Lexicon]) -> None:
        self._versions: dict[str, str] = {}
        terms: dict[str, list[tuple[str, Sequence[str], TermLabel]]] = {}
        orders: list[tuple[str, Sequence[str], TermLabel]] = []
        for lexicon in lexicons:
            language = base_language(lexicon.language)
            self._versions[language] = lexicon.version
            for term in lexicon.terms:
                (orders if term.category == "injection" else terms.setdefault(language, [])).append(_entry(term))
        self._forbidden = {language: _vocabulary(language, terms.get(language, ())) for language in self._versions}
        # An order to a model works in any language and context, so every text is searched for all orders.
        self._orders = Vocabulary(orders)

    @property
    def languages(self) -> frozenset[str]:
        """The languages that can be judged."""
        return frozenset(self._versions)

    def verdict(self, signal: Signal, languages: TextLanguages, never: Sequence[str] = ()) -> Verdict:
        """Judge a signal.

        Args:
            signal: the signal.
            languages: for the topic and each headline, the languages to judge it by.
            never: words that the campaign never answers.

        Returns:
            Clear, blocked or held, with the findings and a reason for a person.

        Raises:
            ValueError: `languages` has another length than the texts of the signal.
        """
        passages = self._weighted(_passages(signal, languages))
        words_never = Vocabulary((word, (), None) for word in never)
        every = (finding for passage in passages for finding in self._findings(passage, words_never))
        findings = tuple(sorted(_distinct_findings(every), key=lambda finding: -finding.confidence))
        confidence = _combined_confidence(findings)
        used = tuple(sorted({tongue for p in passages for tongue in self._known(p)}))
        decision, reason = self._decide(signal, passages, findings, confidence)
        return Verdict(
            decision=decision,
            reason=reason,
            findings=findings,
            category=findings[0].category if findings else None,
            confidence=confidence,
            languages=used,
            lexicon_version=" ".join(f"{tongue}@{self._versions[tongue]}" for tongue in used) or "none",
        )

    def _known(self, passage: _Passage) -> tuple[str, ...]:
        return tuple(tongue for tongue in passage.languages if tongue in self._versions)

    def _weighted(self, passages: Sequence[_Passage]) -> tuple[_Passage, ...]:
        """`passages`, the topic with less weight if a headline can be read."""
        topic, *headlines = passages
        read = any(self._known(headline) for headline in headlines)
        return (replace(topic, share=_TOPIC_SHARE) if read else topic, *headlines)

    def _findings(self, passage: _Passage, never: NeverList) -> Iterator[Finding]:
        for text in passage.readings:
            for language in self._known(passage):
                for hit in self._forbidden[language].find(text):
                    yield _finding(hit, passage, language)
            for order in self._orders.find(text):
                category, confidence = order.label
                yield Finding(category=category, words=order.words, where=passage.where, confidence=confidence)
            for word in never.find(text):
                yield Finding(category="never-list", words=word.words, where=passage.where, confidence=_CERTAIN)

    def _decide(
        self, signal: Signal, passages: Sequence[_Passage], findings: Sequence[Finding], confidence: float
    ) -> tuple[str, str]:
        if confidence >= _BLOCKS:
            return "blocked", _description(findings[0])
        for passage in passages:
            if not passage.languages:
                return "held", f"the language of “{passage.text.folded[:80]}” is unknown; a person must read it"
            if passage.languages[0] not in self._versions:
                return (
                    "held",
                    f"no lexicon for {passage.languages[0]} (“{passage.text.folded[:80]}”); a person must read it",
                )
        if findings:
            return "held", f"{_description(findings[0])}, which may be harmless; a person must read it"
        if not signal.headlines and signal.kind not in _SELF_EXPLAINING:
            return "held", "a bare keyword without a headline that explains it; a person must look it up"
        return "clear", "nothing that a brand must not touch in the topic or its headlines"


def _entry(term: Term) -> tuple[str, Sequence[str], TermLabel]:
    """The term as an entry of a `Vocabulary`. Orders to a model have the highest confidence."""
    confidence = _CERTAIN if term.category == "injection" else term.confidence
    return term.text, term.unless, (term.category, confidence)


def _vocabulary(language: str, entries: Sequence[tuple[str, Sequence[str], TermLabel]]) -> Vocabulary[TermLabel]:
    return Vocabulary(entries, stemmer(language) if inflects(language) else None)


def _finding(hit: Hit[TermLabel], passage: _Passage, language: str) -> Finding:
    category, confidence = hit.label
    return Finding(
        category=category,
        words=hit.words,
        where=passage.where,
        language=language,
        confidence=round(confidence * passage.share, 3),
    )


def _combined_confidence(findings: Sequence[Finding]) -> float:
    """The confidence of all findings: the probability that at least one is harmful, each word counted once.

    Words are treated as independent witnesses (noisy-or), which is not quite true. So two weak words block, and one
    weak word in five headlines does not.
    """
    best: dict[str, float] = {}
    for finding in findings:
        best[finding.words] = max(best.get(finding.words, 0.0), finding.confidence)
    return round(1.0 - prod(1.0 - confidence for confidence in best.values()), 3)


def _description(finding: Finding) -> str:
    place = "the topic" if finding.where == "topic" else f"the headline “{finding.where}”"
    return f"{finding.category}: “{finding.words}” in {place}"


def _distinct_findings(findings: Iterator[Finding]) -> tuple[Finding, ...]:
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
    known = [tuple(dict.fromkeys(map(base_language, tongues))) for tongues in languages]
    around = tuple(dict.fromkeys(tongue for tongues in known for tongue in tongues))
    known[0] = tuple(dict.fromkeys((*known[0], *around)))
    places = ("topic", *(text[:_WHERE_LIMIT] for text in texts[1:]))
    return tuple(
        _Passage(place, Text(text), tongues) for place, text, tongues in zip(places, texts, known, strict=True)
    )
