"""Wording: is every line of the copy there, and spelt right?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import Final

from imaging.measures.check import Named, Scale
from imaging.measures.subject import Subject
from imaging.measures.text import reader
from imaging.measures.text.boxes import TEXT_ROLES, cut
from imaging.measures.text.lettering import split_lines
from imaging.measures.text.reader import OtherReaders, Recogniser
from imaging.pixels import BgrImage
from schemas.images import Box, Role
from schemas.scorecards import Measurement

FOUND: Final = Scale("wording.found", "share of the lines", 0.0, 1.0, "higher")
WRONG: Final = Scale("wording.wrong_letters", "letters", 0.0, 200.0, "lower")

_PRESENT: Final = 0.5
"""The share of its letters that must be right for a misspelt line to count as present."""
_RIM: Final = 1 / 40
"""Of the image's height: the least rim around a box that is read with it."""
_LOOK_ALIKE: Final = str.maketrans(
    {"0": "o", "1": "l", "i": "l", "|": "l", "ı": "l", "ß": "b", "з": "3"}
    | dict(zip("авекмнорстухіј", "abekmhopctyxlj", strict=True))
)
"""Letters that a reader confuses in some fonts, and Cyrillic ones that have the shape of a Latin letter; a mistake
between them is not counted."""
_LONGEST_RUN: Final = 6
"""Lines of an image that one line of copy may be broken into, at most."""


class WordingCheck:
    """The share of the copy's lines that are in the image, and the wrong letters in those.

    A line is read in the box that the model reports. With wrong letters it is read again with its surroundings, because
    a box may be off. A line that is missing there, or has no box, is searched in the whole image. Lines in scripts that
    PP-OCR does not know are left out; where another reader knows them, `OtherScriptsCheck` measures the whole copy.
    """

    name: Final = reader.MODEL
    version: Final = reader.MODEL_VERSION
    scales: Final = (FOUND, WRONG)

    def __init__(self, others: OtherReaders) -> None:
        self._others = others

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """One measurement for each scale; none where no line of copy is known, or none can be read."""
        readers = readers_of(subject, self._others)
        only_own = set(readers.values()) - {None} == {reader.PP_OCR}
        return as_measured(count_wrong(subject, readers), self) if only_own else ()


def readers_of(subject: Subject, others: OtherReaders) -> dict[Role, Recogniser | None]:
    """The reader of each line of copy, by its role; None: no reader here knows its letters."""
    language = subject.wording.language if subject.wording is not None else ""
    return {
        role: reader.PP_OCR if reader.readable(text) else others.find(language, text)
        for role, text in _copy(subject)
        if plain(text)
    }


def count_wrong(subject: Subject, readers: dict[Role, Recogniser | None]) -> dict[str, tuple[str, int]]:
    """Each line of copy that can be read, as `plain` gives it, with its wrong letters. Raises `ReadingFailed`."""
    texts = {role: plain(text) for role, text in _copy(subject)}
    found: dict[str, tuple[str, int]] = {}
    for by in dict.fromkeys(readers.values()):
        wanted: dict[str, str] = {role: texts[role] for role in readers if readers[role] == by}
        if by is not None:
            found |= {role: (wanted[role], wrong) for role, wrong in read_copy(subject, wanted, by).items()}
    return found


def as_measured(lines: dict[str, tuple[str, int]], check: Named) -> tuple[Measurement, ...]:
    """The share of `lines` that are there, and the wrong letters in those, signed by `check`."""
    missing = [role for role, (wanted, wrong) in lines.items() if _is_missing(wanted, wrong)]
    misspelt = {role: wrong for role, (_, wrong) in lines.items() if wrong and role not in missing}
    return (
        FOUND.reading(1.0 - len(missing) / len(lines), check, spell(missing)),
        WRONG.reading(sum(misspelt.values()), check, spell(misspelt)),
    )


def read_copy(subject: Subject, wanted: dict[str, str], by: Recogniser = reader.PP_OCR) -> dict[str, int]:
    """The wrong letters of each role's line, as it is read best. Raises `ReadingFailed` where `by` does."""
    wrong = {role: len(text) for role, text in wanted.items()}
    boxes = {region.role: region.box for region in subject.regions if region.role in wanted}
    for role, text in _read_boxes(subject, boxes, by).items():
        wrong[role] = wrong_letters(wanted[role], text)
    for role, box in boxes.items():
        if wrong[role] and not _is_missing(wanted[role], wrong[role]):
            wrong[role] = min(wrong[role], _wrong_in(wanted[role], _read_near(subject, role, box, by)))
    for role, text in wanted.items():
        if _is_missing(text, wrong[role]):
            wrong[role] = min(wrong[role], _wrong_in(text, subject.lines_read(by)))
    return wrong


def _is_missing(wanted: str, wrong: int) -> bool:
    return wrong > (1.0 - _PRESENT) * len(wanted)


def _wrong_in(wanted: str, lines: Iterable[reader.ReadLine]) -> int:
    return wrong_letters(wanted, best_run(wanted, [plain(line.text) for line in lines]))


def _read_near(subject: Subject, role: Role, box: Box, by: Recogniser) -> list[reader.ReadLine]:
    """The lines in `box` and around it, half its height, at the least a fortieth of the image's.

    Lines in the middle of another line's box are left out: they may hold the same words.
    """
    height, width = subject.pixels.shape[:2]
    rim = max((box.bottom - box.top) / 2.0, _RIM) * height
    left, right = max(0, int(box.left * width - rim)), min(width, int(box.right * width + rim))
    top, bottom = max(0, int(box.top * height - rim)), min(height, int(box.bottom * height + rim))
    others = [region.box for region in subject.regions if region.role in TEXT_ROLES and region.role != role]
    return [
        line
        for line in reader.read_image(BgrImage(subject.pixels[top:bottom, left:right]), by)
        if not any(_holds(other, (left + line.centre) / width, (top + line.middle) / height) for other in others)
    ]


def _holds(box: Box, x: float, y: float) -> bool:
    return box.left <= x <= box.right and box.top <= y <= box.bottom


def _read_boxes(subject: Subject, boxes: dict[Role, Box], by: Recogniser) -> dict[str, str]:
    """The text in `boxes`, all lines of all boxes in one call."""
    known = {text.region.role: text.letters for text in subject.texts}
    split = {role: split_lines(cut(subject.pixels, box), known.get(role)) for role, box in boxes.items()}
    lines = [(role, line) for role, found in split.items() for line in found]
    read: dict[str, str] = dict.fromkeys(boxes, "")
    for (role, _), text in zip(lines, reader.read_crops([line for _, line in lines], by), strict=True):
        read[role] += plain(text)
    return read


def _copy(subject: Subject) -> Iterator[tuple[Role, str]]:
    """Role and text of each line that should be in the image: the copy's, or else the text that the model reported."""
    if subject.wording is not None:
        yield from ((role, text) for role in TEXT_ROLES if (text := getattr(subject.wording, role)))
        return
    reported = {region.role: region.text for region in subject.regions if region.role in TEXT_ROLES and region.text}
    yield from reported.items()


def spell(roles: Iterable[str]) -> str:
    """`roles` in words."""
    return ", ".join(role.replace("_", " ") for role in roles)


def plain(text: str) -> str:
    """The letters and digits of `text` alone, without case and width, look-alikes folded.

    Spaces and punctuation are dropped: a reader misses them where the letters are right.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c.isalnum() or unicodedata.category(c).startswith("M")).translate(_LOOK_ALIKE)


def wrong_letters(wanted: str, read: str) -> int:
    """Letters of `wanted` (both as `plain` gives them) that are missing, added or others in `read`."""
    matcher = SequenceMatcher(None, wanted, read, autojunk=False)
    return sum(max(b - a, d - c) for kind, a, b, c, d in matcher.get_opcodes() if kind != "equal")


def best_run(wanted: str, lines: list[str]) -> str:
    """Of all runs of neighbouring `lines`, the one that comes nearest to `wanted` (all as `plain` gives them)."""
    runs = ["".join(lines[a:b]) for a in range(len(lines)) for b in range(a + 1, min(a + _LONGEST_RUN, len(lines)) + 1)]
    near = [run for run in runs if len(run) <= 2 * len(wanted)]
    return min(near, key=lambda run: (wrong_letters(wanted, run), run), default="")
