"""Reading lines by the Tesseract of this machine, in the scripts that PP-OCR's model does not know."""

from __future__ import annotations

import csv
import io
import os
import subprocess
from dataclasses import dataclass
from typing import Final

import cv2
from PIL import Image

from imaging.measures.text.reader import ReadingFailed, Recogniser
from imaging.pixels import BgrImage, Levels, to_grey
from infra.programs.tesseract_languages import LANGUAGES, data_for, program, version

_TALL: Final = 40
"""Pixels of the height at which a line is read. Of 200 lines of ads all were read right at 40, 199 at 48, 198 at 64."""
_RIM: Final = 8
"""Pixels of ground around it."""
_ANSWERS_WITHIN: Final = 60.0
"""Seconds for all lines of an image; one takes about 0.04."""
_ONE_LINE: Final = "7"
"""Tesseract's page segmentation mode for an image of a single line of text."""
_NO_DICTIONARY: Final = ("-c", "load_system_dawg=0", "-c", "load_freq_dawg=0")
"""Its dictionaries would correct a misspelt word."""
_WORD: Final = "5"
"""The level of a row of its table that is a word."""


@dataclass(frozen=True, slots=True)
class Tesseract:
    """Reads with the data of `language`, such as "rus", or "rus+eng". One process for all lines of a call."""

    language: str

    def recognise(self, crops: list[BgrImage]) -> list[tuple[str, float]]:
        """Text and confidence of each of `crops`. Raises `ReadingFailed`."""
        path = program()
        if path is None:
            raise ReadingFailed("tesseract is not installed")
        command = [path, "-", "-", "-l", self.language, "--psm", _ONE_LINE, "--dpi", "150", *_NO_DICTIONARY, "tsv"]
        environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}  # the scorer's threads fill the cores
        try:
            done = subprocess.run(  # noqa: S603 - no foreign words in it
                command, input=_pages(crops), capture_output=True, timeout=_ANSWERS_WITHIN, check=True, env=environment
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise ReadingFailed(f"tesseract: {error}") from error
        return _lines(done.stdout.decode(errors="replace"), len(crops))


class TesseractReaders:
    """The readers of Cyrillic lines that this machine has the data for (`OtherReaders`)."""

    @property
    def version(self) -> str:
        """The versions of Tesseract and of its data."""
        return version()

    def find(self, language: str, text: str) -> Recogniser | None:
        """Tesseract with the data of `language`, where it is installed and knows every letter of `text`."""
        data = data_for(language, text)
        return Tesseract(data) if data is not None else None

    def remedy(self, language: str) -> str:
        """The data of `language`, where it is one of those that Tesseract reads here."""
        data = LANGUAGES.get(language.partition("-")[0])
        return f"Tesseract with its data {data} and eng" if data else ""


def _pages(crops: list[BgrImage]) -> bytes:
    """A TIFF with a page for each line."""
    first, *others = [Image.fromarray(_prepared(crop)) for crop in crops]
    stream = io.BytesIO()
    first.save(stream, "TIFF", save_all=True, append_images=others)
    return stream.getvalue()


def _prepared(crop: BgrImage) -> Levels:
    """`crop` in grey, `_TALL` pixels tall, with ground around it."""
    grey = to_grey(crop)
    scale = _TALL / grey.shape[0]
    size = (max(1, round(grey.shape[1] * scale)), _TALL)
    resized = cv2.resize(grey, size, interpolation=cv2.INTER_CUBIC if scale > 1.0 else cv2.INTER_AREA)
    framed = cv2.copyMakeBorder(resized, _RIM, _RIM, _RIM, _RIM, cv2.BORDER_REPLICATE)
    return framed.astype("uint8", copy=False)


def _lines(table: str, count: int) -> list[tuple[str, float]]:
    """The words of each page joined, and their mean confidence, 0 to 1."""
    words: list[list[tuple[str, float]]] = [[] for _ in range(count)]
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        page = int(row["page_num"]) - 1
        if row["level"] == _WORD and row["text"] and 0 <= page < count:
            words[page].append((row["text"], min(max(float(row["conf"]) / 100.0, 0.0), 1.0)))
    return [
        (" ".join(text for text, _ in line), sum(confidence for _, confidence in line) / max(1, len(line)))
        for line in words
    ]
