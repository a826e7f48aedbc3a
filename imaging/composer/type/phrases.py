"""Where words and phrases begin in scripts without spaces, found by BudouX (small trained models).

Thai lines may break only between words, which takes a dictionary or a model to find. Japanese and Chinese lines may
break between most characters, but are easier to read if they break between phrases.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate
from typing import Final

import budoux

_THAI: Final = re.compile("[\u0e00-\u0e7f]+")
_KANA: Final = re.compile("[\u3040-\u30ff]")
_HAN: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_TRADITIONAL: Final = frozenset({"zh-hant", "zh-tw", "zh-hk", "zh-mo"})
THAI_NOT_FIRST: Final = frozenset("ะาำๅๆฯ")
"""Vowels that belong to the letter before them, and marks of repetition and abbreviation."""
_THAI_NOT_LAST: Final = frozenset("เแโใไฤ")
"""Vowels that are written before their letter, and one that no word ends with."""


@lru_cache(maxsize=2048)
def phrase_starts(text: str, language: str) -> frozenset[int]:
    """The places in `text` (a word between spaces) at which a Thai word, or a Japanese or Chinese phrase begins."""
    if _KANA.search(text) or (language.startswith("ja") and _HAN.search(text)):
        return frozenset(_starts("ja", text))
    if _HAN.search(text):
        return frozenset(_starts("zh-hant" if language.lower() in _TRADITIONAL else "zh-hans", text))
    return frozenset(start for run in _THAI.finditer(text) for start in _thai(run.group(), run.start()))


def is_thai(character: str) -> bool:
    """Whether `character` is of the Thai script."""
    return _THAI.match(character) is not None


def _thai(run: str, offset: int) -> list[int]:
    """The word starts of a run of Thai, without those at which no line may break."""
    allowed = (0 < at < len(run) and run[at] not in THAI_NOT_FIRST for at in range(len(run)))
    free = {at for at, may in enumerate(allowed) if may and run[at - 1] not in _THAI_NOT_LAST}
    return [offset + at for at in _starts("th", run) if at in free]


def _starts(model: str, text: str) -> list[int]:
    return list(accumulate(len(piece) for piece in _parser(model).parse(text)))[:-1]


@lru_cache(maxsize=4)
def _parser(model: str) -> budoux.Parser:
    loaders = {
        "ja": budoux.load_default_japanese_parser,
        "th": budoux.load_default_thai_parser,
        "zh-hans": budoux.load_default_simplified_chinese_parser,
        "zh-hant": budoux.load_default_traditional_chinese_parser,
    }
    return loaders[model]()
