"""Brings text to the form in which words are compared.

Headlines are untrusted; some are written to slip past a filter. So two spellings that a reader takes for the same word
become the same string: case, width, accents, ligatures, Arabic letter variants, invisible characters inside words, and
letters borrowed from a lookalike alphabet (a Cyrillic "е" in "dead"). What could be either a disguise or an honest
spelling ("k1lled", "d e a d") is left as it is, and `disguised` reads it a second time.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final

_FILLERS: Final = "\u115f\u1160\u2800\u3164\uffa0"  # blank, yet letters or symbols by category
_KANA_VOICING: Final = "\u3099\u309a"  # they distinguish が from か: letters, not accents
_INDIC: Final = "\u0900-\u0963\u0966-\u0d7f"
"""Character class of the scripts from Devanagari to Malayalam, whose marks are vowels: part of the word."""
_INDIC_MARKS: Final = frozenset(chr(code) for code in range(0x0900, 0x0D80))
_NUKTAS: Final = "\u093c\u09bc\u0a3c\u0abc"  # the dot below of borrowed sounds, which many writers leave out
_LETTER_VARIANTS: Final = {
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ħ": "h",
    "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ٱ": "ا", "ـ": "", "ھ": "ه", "ہ": "ه", "ے": "ي", "گ": "ك",
    "ँ": "ं", "’": "'", "‘": "'", "ʼ": "'",
}  # fmt: skip
"""Letters that Unicode does not decompose though their readers search for them as one."""

_LATIN_TO_CYRILLIC: Final = dict(zip("aceopxykmtbhiu", "асеорхукмтвніи", strict=True))
_CYRILLIC_TO_LATIN: Final = dict(zip("асеорхукмтвніѕјԁһԛԝ", "aceopxykmtbhisjdhqw", strict=True))
_GREEK_TO_LATIN: Final = dict(zip("αβεικνορτυχ", "abeiknoptux", strict=True))
"""Lookalikes in lower case, the confusable pairs of Unicode Technical Standard 39 that occur in words."""

_LATIN: Final = "a-z"
_CYRILLIC: Final = "\u0400-\u052f"
_GREEK: Final = "\u0370-\u03ff"
_MIXED_WORD: Final = re.compile(
    rf"[{_LATIN}{_CYRILLIC}{_GREEK}]*(?:[{_LATIN}][{_CYRILLIC}{_GREEK}]|[{_CYRILLIC}{_GREEK}][{_LATIN}])"
    rf"[{_LATIN}{_CYRILLIC}{_GREEK}]*"
)
_ANY_FOREIGN: Final = re.compile(rf"[{_CYRILLIC}{_GREEK}]")
_CYRILLIC_LETTER: Final = re.compile(rf"[{_CYRILLIC}]")
_LATIN_LETTER: Final = re.compile(rf"[{_LATIN}]")

_HAN_AND_KANA: Final = (
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
UNSPACED: Final = f"{_HAN_AND_KANA}\uac00-\ud7a3"
"""Character class of the scripts whose words are found anywhere: Han and kana are written without spaces, Hangul with
particles and other nouns attached to a word."""
_UNSPACED_CHARACTER: Final = re.compile(f"[{UNSPACED}]")
_WORD: Final = re.compile(f"(?:[^\\W_{UNSPACED}]+|[{_INDIC}]+)+")

_LOOKALIKE_SIGNS: Final = str.maketrans("01345789@$!|", "oieastbgasil")
_LETTERS_AND_SIGNS: Final = re.compile(
    r"(?<![a-z0-9])(?=[a-z]*[0-9@$!|])[a-z0-9][a-z0-9@$!|]{1,30}[a-z0-9](?![a-z0-9])"
)
_SINGLE_LETTERS: Final = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .\-*·_/|]{1,2}){3,}[^\W\d_](?![^\W_])")
_SINGLE_HAN: Final = re.compile(rf"(?<![{UNSPACED}])(?:[{UNSPACED}][ .\-*·•_/|]{{1,2}})+[{UNSPACED}](?![{UNSPACED}])")
_BETWEEN: Final = re.compile(r"[ .\-*·•_/|]+")


@cache
def _folding() -> dict[int, str | None]:
    """The table for `str.translate`: removes marks and invisible characters, and replaces letter variants."""
    table: dict[int, str | None] = {ord(letter): plain for letter, plain in _LETTER_VARIANTS.items()}
    for code in range(0x80, min(sys.maxunicode, 0x1FFFF)):
        if unicodedata.category(chr(code)) in {"Mn", "Me", "Cf", "Cs"} and chr(code) not in _KANA_VOICING:
            table.setdefault(code, None)
    for mark in _INDIC_MARKS - set(_NUKTAS) - set(_LETTER_VARIANTS):
        table.pop(ord(mark), None)
    table.update(dict.fromkeys(range(0xE0000, 0xE01F0)))  # tags and variation selectors
    table.update({ord(filler): None for filler in _FILLERS})
    return table


def fold(text: str) -> str:
    """`text` as it is compared: NFKC, without case, width, accents and invisible characters; single spaces."""
    folded = text.casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFKC", folded).casefold()
        folded = unicodedata.normalize("NFD", folded).translate(_folding())
        folded = unicodedata.normalize("NFC", folded)
        if _ANY_FOREIGN.search(folded):
            folded = _MIXED_WORD.sub(_one_alphabet, folded)
    return " ".join(folded.split())


def _one_alphabet(word: re.Match[str]) -> str:
    """A word of mixed alphabets in the one that can spell all of it; if both can, in that of most of its letters."""
    text = word.group()
    latin = "".join(_CYRILLIC_TO_LATIN.get(letter) or _GREEK_TO_LATIN.get(letter, letter) for letter in text)
    cyrillic = "".join(_LATIN_TO_CYRILLIC.get(letter, letter) for letter in text)
    all_latin = not _ANY_FOREIGN.search(latin)
    all_cyrillic = _CYRILLIC_LETTER.search(text) is not None and not _LATIN_LETTER.search(cyrillic)
    if all_latin and all_cyrillic:
        return cyrillic if len(_CYRILLIC_LETTER.findall(text)) * 2 > len(text) else latin
    return latin if all_latin else cyrillic if all_cyrillic else text


def is_unspaced(text: str) -> bool:
    """Whether `text` holds a character of a script without spaces, so that it is searched for anywhere."""
    return _UNSPACED_CHARACTER.search(text) is not None


def split_words(folded: str) -> Iterator[str]:
    """The words of folded text in scripts with spaces, in order; runs of Han, kana and Hangul are left out."""
    return (match.group() for match in _WORD.finditer(folded))


def disguised(folded: str) -> Iterator[str]:
    """Folded words that occur in `folded` in disguise ("k1lled", "d.e.a.d", "杀 人"), each without its disguise.

    They are extra readings: the original text is still searched, because "4k" and "g 7" are honest.
    """
    for match in _LETTERS_AND_SIGNS.finditer(folded):
        yield match.group().translate(_LOOKALIKE_SIGNS)
    for pattern in (_SINGLE_LETTERS, _SINGLE_HAN):
        for match in pattern.finditer(folded):
            yield _BETWEEN.sub("", match.group())
