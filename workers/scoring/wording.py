"""Wording: is every line of the copy there, and spelt right?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from schemas.images import Box, Role
from schemas.scorecards import Measurement
from workers.scoring import reader
from workers.scoring.check import Scale
from workers.scoring.pixels import Pixels
from workers.scoring.spelling import best_run, plain, wrong_letters
from workers.scoring.subject import Subject
from workers.scoring.text_boxes import TEXT_ROLES, cut
from workers.scoring.text_lines import split_lines

FOUND: Final = Scale("wording.found", "share of the lines", 0.0, 1.0, "higher")
WRONG: Final = Scale("wording.wrong_letters", "letters", 0.0, 200.0, "lower")

_PRESENT: Final = 0.5
"""The share of its letters that must be right for a line to count as there, if misspelt."""
_RIM: Final = 1 / 40
"""Of the picture's height: what is looked at around a box at the least."""


class WordingCheck:
    """The share of the copy's lines that are in the picture, and the wrong letters in those that are.

    Lines are read where the model says that they stand; what is not quite right there, again with the surroundings,
    for a box may be off; and in the whole picture what is not there, or was not told of. Scripts that the reader does
    not know are left out.
    """

    name: Final = reader.MODEL
    version: Final = reader.MODEL_VERSION
    scales: Final = (FOUND, WRONG)

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """One measurement for each scale; none where no line of copy is known, or none can be read."""
        wanted = {role: plain(text) for role, text in _copy(subject) if reader.readable(text)}
        wanted = {role: text for role, text in wanted.items() if text}
        if not wanted:
            return ()
        wrong = read_copy(subject, wanted)
        missing = [role for role, count in wrong.items() if _is_missing(wanted[role], count)]
        misspelt = {role: count for role, count in wrong.items() if count and role not in missing}
        return (
            FOUND.reading(1.0 - len(missing) / len(wanted), self, _spell(missing)),
            WRONG.reading(sum(misspelt.values()), self, _spell(list(misspelt))),
        )


def read_copy(subject: Subject, wanted: dict[str, str]) -> dict[str, int]:
    """The wrong letters of each role's line, as it is read best."""
    wrong = {role: len(text) for role, text in wanted.items()}
    boxes = {region.role: region.box for region in subject.regions if region.role in wanted}
    for role, text in _read_boxes(subject, boxes).items():
        wrong[role] = wrong_letters(wanted[role], text)
    for role, box in boxes.items():
        if wrong[role] and not _is_missing(wanted[role], wrong[role]):
            wrong[role] = min(wrong[role], _wrong_in(wanted[role], reader.read_picture(_surroundings(subject, box))))
    for role, text in wanted.items():
        if _is_missing(text, wrong[role]):
            wrong[role] = min(wrong[role], _wrong_in(text, subject.lines_read))
    return wrong


def _is_missing(wanted: str, wrong: int) -> bool:
    return wrong > (1.0 - _PRESENT) * len(wanted)


def _wrong_in(wanted: str, lines: Iterable[reader.ReadLine]) -> int:
    return wrong_letters(wanted, best_run(wanted, [plain(line.text) for line in lines]))


def _surroundings(subject: Subject, box: Box) -> Pixels:
    """The pixels of `box` and of half its height, at the least a fortieth of the picture's, around it."""
    height, width = subject.pixels.shape[:2]
    rim = max((box.bottom - box.top) / 2.0, _RIM) * height
    left, right = max(0, int(box.left * width - rim)), min(width, int(box.right * width + rim))
    top, bottom = max(0, int(box.top * height - rim)), min(height, int(box.bottom * height + rim))
    return subject.pixels[top:bottom, left:right]


def _read_boxes(subject: Subject, boxes: dict[Role, Box]) -> dict[str, str]:
    """What stands in `boxes`, all lines of all of them in one go."""
    known = {text.region.role: text.letters for text in subject.texts}
    split = {role: split_lines(cut(subject.pixels, box), known.get(role)) for role, box in boxes.items()}
    lines = [(role, line) for role, found in split.items() for line in found]
    read: dict[str, str] = dict.fromkeys(boxes, "")
    for (role, _), text in zip(lines, reader.read_crops([line for _, line in lines]), strict=True):
        read[role] += plain(text)
    return read


def _copy(subject: Subject) -> Iterator[tuple[str, str]]:
    """Role and text of each line that should be in the picture: the copy's, or else what the model says it wrote."""
    if subject.wording is not None:
        yield from ((role, text) for role in TEXT_ROLES if (text := getattr(subject.wording, role)))
        return
    told = {region.role: region.text for region in subject.regions if region.role in TEXT_ROLES and region.text}
    yield from told.items()


def _spell(roles: list[str]) -> str:
    return ", ".join(role.replace("_", " ") for role in roles)
