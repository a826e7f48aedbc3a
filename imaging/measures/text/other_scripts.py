"""Wording in scripts that PP-OCR does not know: read by Tesseract where it is installed, else said to be unread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from imaging.measures.check import Scale
from imaging.measures.subject import Subject
from imaging.measures.text import reader
from imaging.measures.text.reader import ReadingFailed
from imaging.measures.text.wording import FOUND, WRONG, as_measured, count_wrong, readers_of, spell
from infra.programs.tesseract_languages import LANGUAGES, version
from schemas.scorecards import Measurement

UNREAD: Final = Scale("wording.unread", "lines", 0.0, 4.0, "lower")


class OtherScriptsCheck:
    """What `WordingCheck` measures, of a copy with lines that it cannot read; and how many of those nobody here can.

    An unread line is neither right nor wrong, and says nothing in the score.
    """

    name: Final = "tesseract"
    scales: Final = (FOUND, WRONG, UNREAD)

    @property
    def version(self) -> str:
        """Those of Tesseract and its data, and of the reader of all other lines."""
        return f"{version()}, {reader.MODEL_VERSION}"

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """None where PP-OCR reads the whole copy; else of unread lines, and where Tesseract reads some, of all."""
        readers = readers_of(subject)
        if not set(readers.values()) - {reader.PP_OCR}:
            return ()
        unread = [role for role, by in readers.items() if by is None]
        if set(readers.values()) <= {reader.PP_OCR, None}:
            return (UNREAD.reading(len(unread), self, _why(unread, subject)),)
        try:
            measured = as_measured(count_wrong(subject), self)
        except ReadingFailed as error:
            return (UNREAD.reading(len(readers), self, str(error)),)
        return (*measured, UNREAD.reading(len(unread), self, _why(unread, subject)))


def _why(unread: Sequence[str], subject: Subject) -> str:
    """Which lines are unread, and what would read them."""
    if not unread:
        return ""
    language = subject.wording.language if subject.wording is not None else ""
    data = LANGUAGES.get(language.partition("-")[0])
    remedy = f"; install Tesseract with its data {data} and eng" if data else ""
    return f"{spell(unread)}: no reader for this script{remedy}"
