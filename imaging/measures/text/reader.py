"""Reading text: PP-OCRv6 by RapidOCR, whose wheel carries the weights. Nothing is downloaded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import Any, Final, Protocol

import numpy as np
from rapidocr import RapidOCR
from rapidocr.ch_ppocr_rec import TextRecInput
from rapidocr.utils.process_img import get_rotate_crop_image

from imaging.pixels import BgrImage, Doubles

MODEL: Final = "pp-ocr-v6-small"
MODEL_VERSION: Final = f"rapidocr {version('rapidocr')}"

_HEIGHT: Final = 48
"""Pixels of a line's height, as the model was trained."""
DETECTION_SIDE: Final = 960
"""Pixels of the longer side at which lines are searched in a whole image: fine print of 10 pixels stays 5 tall."""


class ReadingFailed(Exception):
    """A reader failed. Another attempt may succeed."""


class Recogniser(Protocol):
    """Reads lines of text whose places are known."""

    def recognise(self, crops: list[BgrImage]) -> list[tuple[str, float]]:
        """Read lines.

        Args:
            crops: Images of one line each, of any size.

        Returns:
            The text and the confidence, 0 to 1, of each crop; "" where nothing is read.

        Raises:
            ReadingFailed: the reader is missing or failed.
        """

    def __hash__(self) -> int:
        """The hash: equal recognisers read alike, and share one reading of an image."""


class OtherReaders(Protocol):
    """The readers of scripts that PP-OCR does not know, as far as this machine has any."""

    @property
    def version(self) -> str:
        """The versions of the program and of its data, for `Measurement.measured_by_version`."""

    def find(self, language: str, text: str) -> Recogniser | None:
        """The reader of a line.

        Args:
            language: The code of the copy's language, such as "ru" or "uk-UA"; "" where it is not known.
            text: The line as it should be written.

        Returns:
            A reader that knows every letter of `text`, or None.
        """

    def remedy(self, language: str) -> str:
        """The data that would read `language`, in words; "" where there is none."""


@dataclass(frozen=True)
class ReadLine:
    """A line as it was read: its bounds in pixels from the top left, `confidence` 0 to 1."""

    text: str
    confidence: float
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        """The distance of its middle from the top, in pixels."""
        return (self.top + self.bottom) / 2.0

    @property
    def centre(self) -> float:
        """The distance of its middle from the left, in pixels."""
        return (self.left + self.right) / 2.0

    @property
    def height(self) -> float:
        """Its height in pixels."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class PpOcr:
    """PP-OCR's own recogniser: Latin, Chinese and Japanese letters."""

    def recognise(self, crops: list[BgrImage]) -> list[tuple[str, float]]:
        """Text and confidence of each of `crops`."""
        read = _engine()._load_rec_model()(TextRecInput(img=[*crops]))  # noqa: SLF001 - the engine's call reads one crop
        return [(str(text), float(score)) for text, score in zip(read.txts, read.scores, strict=True)]


PP_OCR: Final = PpOcr()


def read_crops(crops: list[BgrImage], by: Recogniser = PP_OCR) -> list[str]:
    """The text in each of `crops` (one line each); "" where nothing is read."""
    return [text for text, _ in by.recognise(crops)] if crops else []


def read_image(bgr: BgrImage, by: Recogniser = PP_OCR) -> list[ReadLine]:
    """The lines in `bgr`, in reading order: found by PP-OCR, which finds lines of any script, and read `by`."""
    if by == PP_OCR:
        found = _engine()(bgr, use_det=True, use_cls=False, use_rec=True)
        boxes, read = found.boxes, list(zip(found.txts or (), found.scores or (), strict=True))
    else:
        boxes = _engine()(bgr, use_det=True, use_cls=False, use_rec=False).boxes
        corners = () if boxes is None else np.asarray(boxes, dtype=np.float32)
        read = by.recognise([BgrImage(get_rotate_crop_image(bgr, four)) for four in corners]) if len(corners) else []
    if boxes is None or not read:
        return []
    lines = [
        _line(str(text), float(score), np.asarray(corners, dtype=np.float64))
        for corners, (text, score) in zip(boxes, read, strict=True)
    ]
    return in_reading_order(lines)


def in_reading_order(lines: list[ReadLine]) -> list[ReadLine]:
    """From the top down; lines whose middles lie within half a height of each other are one row, left to right."""
    rows: list[list[ReadLine]] = []
    for line in sorted(lines, key=lambda line: line.middle):
        if rows and line.middle - rows[-1][0].middle < min(line.height, rows[-1][0].height) / 2.0:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.left)]


def _line(text: str, score: float, corners: Doubles) -> ReadLine:
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return ReadLine(text, score, float(left), float(top), float(right), float(bottom))


def readable(text: str) -> bool:
    """Whether the model knows every letter of `text`."""
    return all(character in _alphabet() for character in text if character.isalnum())


def load() -> None:
    """Load the weights now and not at the first image."""
    _alphabet()
    _engine()._load_det_model()  # noqa: SLF001


@lru_cache(maxsize=1)
def _alphabet() -> frozenset[str]:
    return frozenset(_engine()._load_rec_model().postprocess_op.character)  # noqa: SLF001


@lru_cache(maxsize=1)
def _engine() -> Any:
    """The engine: one thread an inference, because a pool fills the cores, and one line at a time, as wide as it is.

    On a processor a batch saves nothing, and its lines are padded to the widest (at least to `rec_img_shape`'s width).
    """
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Rec.rec_batch_num": 1,
            "Rec.rec_img_shape": [3, _HEIGHT, _HEIGHT],
            "Det.limit_type": "max",
            "Det.limit_side_len": DETECTION_SIDE,
        }
    )
