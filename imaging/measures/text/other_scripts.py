"""Wording in scripts that PP-OCR does not know: read by Tesseract where it is installed, else reported as unread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from imaging.measures.check import Scale
from imaging.measures.subject import Subject
from imaging.measures.text import reader
from imaging.measures.text.reader import OtherReaders, ReadingFailed
from imaging.measures.text.wording import FOUND, WRONG, as_measured, count_wrong, readers_of, spell
from schemas.scorecards import Measurement

UNREAD: Final = Scale("wording.unread", "lines", 0.0, 4.0, "lower")


class OtherScriptsCheck:
    """What `WordingCheck` measures, of a copy with lines that it cannot read; and how many lines no reader here can.

    An unread line is neither right nor wrong, and does not count in the score.
    """

    name: Final = "tesseract"
    scales: Final = (FOUND, WRONG, UNREAD)

    def __init__(self, others: OtherReaders) -> None:
        self._others = others

    @property
    def version(self) -> str:
        """The versions of Tesseract and its data, and of the reader of all other lines."""
        return f"{self._others.version}, {reader.MODEL_VERSION}"

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """Nothing where PP-OCR reads all lines; else the unread lines, and all numbers where Tesseract reads some."""
        readers = readers_of(subject, self._others)
        if not set(readers.values()) - {reader.PP_OCR}:
            return ()
        unread = [role for role, by in readers.items() if by is None]
        if set(readers.values()) <= {reader.PP_OCR, None}:
            return (UNREAD.reading(len(unread), self, self._why(unread, subject)),)
        try:
            measured = as_measured(count_wrong(subject, readers), self)
        except ReadingFailed as error:
            return (UNREAD.reading(len(readers), self, str(error)),)
        return (*measured, UNREAD.reading(len(unread), self, self._why(unread, subject)))

    def _why(self, unread: Sequence[str], subject: Subject) -> str:
        """Which lines are unread, and what would read them."""
        if not unread:
            return ""
        remedy = self._others.remedy(subject.wording.language if subject.wording is not None else "")
        return f"{spell(unread)}: no reader for this script{remedy and f'; install {remedy}'}"
