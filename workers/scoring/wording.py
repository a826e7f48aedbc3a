"""Wording: is every line of the copy there, and spelt right?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from schemas.scorecards import Measurement
from workers.scoring import reader
from workers.scoring.check import Scale
from workers.scoring.spelling import best_run, plain, wrong_letters
from workers.scoring.subject import Subject
from workers.scoring.text_boxes import TEXT_ROLES, cut
from workers.scoring.text_lines import split_lines

FOUND: Final = Scale("wording.found", "share of the lines", 0.0, 1.0, "higher")
WRONG: Final = Scale("wording.wrong_letters", "letters", 0.0, 200.0, "lower")

_PRESENT: Final = 0.5
"""The share of its letters that must be right for a line to count as there, if misspelt."""


class WordingCheck:
    """The share of the copy's lines that are in the picture, and the wrong letters in those that are.

    Lines are read where the model says that they stand, and in the whole picture where it does not say, or
    where what stands there is not right (a box may be off). Scripts that the reader does not know are left out.
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
        missing = [role for role, count in wrong.items() if count > (1.0 - _PRESENT) * len(wanted[role])]
        misspelt = {role: count for role, count in wrong.items() if count and role not in missing}
        return (
            FOUND.reading(1.0 - len(missing) / len(wanted), self, _spell(missing)),
            WRONG.reading(sum(misspelt.values()), self, _spell(list(misspelt))),
        )


def read_copy(subject: Subject, wanted: dict[str, str]) -> dict[str, int]:
    """The wrong letters of each role's line, as it is read best."""
    wrong = {role: len(text) for role, text in wanted.items()} | {
        role: wrong_letters(wanted[role], text) for role, text in _read_boxes(subject, wanted).items()
    }
    doubtful = {role: text for role, text in wanted.items() if wrong[role]}
    if not doubtful:
        return wrong
    lines = [plain(line.text) for line in reader.read_picture(subject.pixels)]
    again = {role: wrong_letters(text, best_run(text, lines)) for role, text in doubtful.items()}
    return wrong | {role: min(wrong[role], count) for role, count in again.items()}


def _read_boxes(subject: Subject, wanted: dict[str, str]) -> dict[str, str]:
    """What stands in the boxes of `wanted`, all lines of all boxes in one go."""
    boxes = {region.role: cut(subject.pixels, region.box) for region in subject.regions if region.role in wanted}
    lines = [(role, line) for role, box in boxes.items() for line in split_lines(box)]
    texts = reader.read_crops([line for _, line in lines])
    read: dict[str, str] = dict.fromkeys(boxes, "")
    for (role, _), text in zip(lines, texts, strict=True):
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
