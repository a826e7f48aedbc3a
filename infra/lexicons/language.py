"""Detects the language of a topic or a headline: by its script, or by letter statistics where languages share a script.

Headlines are short, and letter statistics on short texts are often wrong. So the market's usual language is preferred,
and `languages_in` also names the runners-up: the safety verdict then checks the text in each of them.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import cache
from typing import Final

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from schemas.signals import Signal

_READ_LIMIT: Final = 1000
"""Characters looked at: twice the longest headline; the statistics gain nothing from more."""

_OWN_SCRIPT: Final = {
    "HIRAGANA": "ja", "KATAKANA": "ja", "KATAKANA-HIRAGANA": "ja", "HANGUL": "ko", "BOPOMOFO": "zh", "THAI": "th",
    "GREEK": "el", "HEBREW": "he", "ARMENIAN": "hy", "GEORGIAN": "ka", "LAO": "lo", "KHMER": "km", "MYANMAR": "my",
    "SINHALA": "si", "BENGALI": "bn", "GUJARATI": "gu", "GURMUKHI": "pa", "TAMIL": "ta",
    "TELUGU": "te", "KANNADA": "kn", "MALAYALAM": "ml", "ORIYA": "or", "ETHIOPIC": "am", "TIBETAN": "bo",
    "MONGOLIAN": "mn", "THAANA": "dv", "SYRIAC": "syr", "CHEROKEE": "chr",
}  # fmt: skip
"""The language of a script, named by the first word of its characters' Unicode names (shared ones: the largest)."""

_SHARED_SCRIPT: Final = {
    "LATIN": (
        "en", "es", "pt", "fr", "de", "it", "nl", "pl", "tr", "vi", "id", "sv", "no", "nn", "da", "fi", "cs", "sk",
        "hu", "ro", "hr", "sl", "sq", "lt", "lv", "et", "is", "ca", "af", "sw", "tl", "ga", "az", "eu",
    ),
    "CYRILLIC": ("ru", "uk", "be", "bg", "sr", "mk", "kk", "mn", "ky", "tg"),
    "ARABIC": ("ar", "fa", "ur", "ps", "sdh"),
    "DEVANAGARI": ("hi", "mr", "ne"),
}  # fmt: skip
"""Candidates in scripts of many languages, the largest first. Only languages with a daily press: noise would select
rare ones."""

_SAME: Final = {"nn": "no", "sdh": "ckb"}
_LANGUAGE_OF_MARKET: Final = {
    "US": "en", "GB": "en", "IE": "en", "AU": "en", "NZ": "en", "CA": "en", "ZA": "en", "NG": "en", "SG": "en",
    "IN": "en", "PH": "en", "KE": "en", "GH": "en", "JP": "ja", "BR": "pt", "PT": "pt", "AO": "pt", "CN": "zh",
    "TW": "zh", "HK": "zh", "MO": "zh", "RU": "ru", "BY": "ru", "KZ": "ru", "UA": "uk", "BG": "bg", "RS": "sr",
    "ES": "es", "MX": "es", "AR": "es", "CO": "es", "CL": "es", "PE": "es", "VE": "es", "EC": "es", "UY": "es",
    "FR": "fr", "BE": "fr", "DE": "de", "AT": "de", "CH": "de", "IT": "it", "NL": "nl", "PL": "pl", "TR": "tr",
    "VN": "vi", "ID": "id", "SE": "sv", "NO": "no", "DK": "da", "FI": "fi", "CZ": "cs", "SK": "sk", "HU": "hu",
    "RO": "ro", "GR": "el", "IL": "he", "KR": "ko", "TH": "th", "IR": "fa", "PK": "ur", "SA": "ar", "AE": "ar",
    "EG": "ar", "MA": "ar", "DZ": "ar", "IQ": "ar", "JO": "ar", "KW": "ar", "QA": "ar", "LB": "ar", "TN": "ar",
}  # fmt: skip
"""The language of most headlines in a market (Unicode CLDR's likely subtags)."""

_FAVOUR_HINT: Final = 12.0
_FAVOUR_LARGEST: Final = 6.0
_DOUBT: Final = 6.0
_RUNNERS_UP: Final = 3
"""In nats of the identifier's log-likelihood. On whole headlines the right language leads by 20 or more. On names and
texts of two words the differences are below about 12; there the market is the better evidence."""


def market_language(market: str) -> str | None:
    """The usual language of a market's headlines, or None where none is known."""
    return _LANGUAGE_OF_MARKET.get(market)


def detect(text: str, hint: str | None = None) -> str | None:
    """The language of `text`; `hint` is the one expected. None where there is no evidence of a language."""
    return next(iter(languages_in(text, hint)), None)


def languages_in(text: str, hint: str | None = None) -> tuple[str, ...]:
    """Every language in which `text` should be checked, the main one first; empty where there are no letters.

    The main language is that of the script with the most letters. Words in a second script add its language. Text in
    Han alone counts as Chinese and (unless Chinese is expected) as Japanese. Close runners-up by letter statistics
    follow.
    """
    scripts = _scripts(unicodedata.normalize("NFKC", text[:_READ_LIMIT]))
    found: list[str] = []
    for script in scripts:
        found.extend(_of_script(script, scripts, text[:_READ_LIMIT], hint))
    return tuple(dict.fromkeys(found))


def signal_languages(signal: Signal) -> tuple[tuple[str, ...], ...]:
    """For the topic and each headline of `signal`, the languages to check it in.

    A topic in Latin letters is a name or a few words, too short for statistics: the headlines' language is used.
    """
    usual = signal.language or market_language(signal.market)
    rest = [
        (headline.language, *languages_in(headline.text, headline.language))
        if headline.language
        else languages_in(headline.text, usual)
        for headline in signal.headlines
    ]
    return (_topic_languages(signal, usual), *(tuple(dict.fromkeys(tongues)) for tongues in rest))


def _topic_languages(signal: Signal, usual: str | None) -> tuple[str, ...]:
    if signal.language:
        return tuple(dict.fromkeys((signal.language, *languages_in(signal.topic, usual))))
    scripts = _scripts(signal.topic)
    if signal.headlines and set(scripts) <= {"LATIN"}:
        first = languages_in(signal.headlines[0].text, usual)[:1]
        return tuple(dict.fromkeys((*first, "en")))
    return languages_in(signal.topic, usual)


def _scripts(text: str) -> dict[str, int]:
    """Letters by script, the most frequent first; where there is kana, Han counts with it, as Japanese mixes both."""
    counts = Counter(_script(letter) for letter in text if letter.isalpha())
    if counts["HIRAGANA"] + counts["KATAKANA"]:
        counts["HIRAGANA"] += counts.pop("KATAKANA", 0) + counts.pop("CJK", 0)
    return {script: count for script, count in counts.most_common() if count}


@cache
def _script(letter: str) -> str:
    """The script of a letter by its Unicode name: ``LATIN``, ``CJK``, ``CYRILLIC`` and so on."""
    name = unicodedata.name(letter, "UNKNOWN").split()[0]
    return {"KATAKANA-HIRAGANA": "HIRAGANA", "HALFWIDTH": "KATAKANA", "IDEOGRAPHIC": "CJK"}.get(name, name)


def _of_script(script: str, scripts: dict[str, int], text: str, hint: str | None) -> tuple[str, ...]:
    if script == "CJK":
        return {"ja": ("ja", "zh"), "zh": ("zh",)}.get((hint or "").split("-", maxsplit=1)[0], ("zh", "ja"))
    if script in _SHARED_SCRIPT:
        main = next(iter(scripts)) == script
        return _by_statistics(script, text, hint) if main else (_default(script, hint),)
    return (_OWN_SCRIPT[script],) if script in _OWN_SCRIPT else ("und",)


def _default(script: str, hint: str | None) -> str:
    """The language assumed for a few words in a shared script: the expected one, or the script's largest."""
    return hint if hint in _SHARED_SCRIPT[script] else _SHARED_SCRIPT[script][0]


def _by_statistics(script: str, text: str, hint: str | None) -> tuple[str, ...]:
    """The most likely language of a shared script, then those that are nearly as likely."""
    candidates = _SHARED_SCRIPT[script]
    likelihood = {language: score for language, score in identifier().rank(_spelled(text)) if language in candidates}
    favoured = dict(likelihood)
    favoured[candidates[0]] += _FAVOUR_LARGEST
    favoured[_default(script, hint)] += _FAVOUR_HINT - (_FAVOUR_LARGEST if hint == candidates[0] else 0.0)
    best = max(favoured, key=lambda language: favoured[language])
    leader = max(likelihood.values())
    near = sorted((s, language) for language, s in likelihood.items() if leader - s <= _DOUBT)[-_RUNNERS_UP:]
    return tuple(
        dict.fromkeys(_SAME.get(language, language) for language in (best, *(name for _, name in reversed(near))))
    )


def _spelled(text: str) -> str:
    """`text` without digits and signs, which are no evidence. Marks are kept: Indic vowel signs are marks."""
    return " ".join("".join(c if _is_spelling(c) else " " for c in text).split())


def _is_spelling(character: str) -> bool:
    return character.isalpha() or character in "'’" or unicodedata.category(character).startswith("M")


@cache
def identifier() -> LanguageIdentifier:
    """py3langid with the model of its package; it loads once, in 0.5 s."""
    return LanguageIdentifier.from_model_file(MODEL_FILE)
