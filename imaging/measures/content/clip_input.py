"""What a CLIP model is shown: an image as its authors prepared theirs, and a text as token ids."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from PIL import Image

from imaging.pixels import BgrImage, Floats, Places, to_rgb
from schemas.errors import InvalidSettings

MEAN: Final = np.array([0.48145466, 0.4578275, 0.40821073], dtype=np.float32)
DEVIATION: Final = np.array([0.26862954, 0.26130258, 0.27577711], dtype=np.float32)
"""Mean and standard deviation of red, green and blue in CLIP's training images: ``_transform`` in OpenAI's own code
(Radford et al., 2021), ``OPENAI_CLIP_MEAN`` and ``OPENAI_CLIP_STD`` in transformers and OpenCLIP."""
INSTALL: Final = 'pip install "brushfire[alignment]"'


class Tokenizer(Protocol):
    """What is needed of `tokenizers.Tokenizer`."""

    def encode(self, sequence: str) -> Any:
        """The encoding, with its `ids`."""

    def get_vocab(self) -> dict[str, int]:
        """The id of each token."""


def prepare(bgr: BgrImage, side: int) -> Floats:
    """`bgr` as CLIP wants it, shape (1, 3, `side`, `side`): shorter side resized (bicubic), cut to the middle, scaled.

    Pillow resizes, as it did in training: OpenCV's bicubic does not average when it shrinks.
    """
    height, width = bgr.shape[:2]
    scale = side / min(height, width)
    size = (max(side, int(width * scale)), max(side, int(height * scale)))
    resized = np.asarray(Image.fromarray(to_rgb(bgr)).resize(size, Image.Resampling.BICUBIC))
    top, left = (size[1] - side) // 2, (size[0] - side) // 2
    square = resized[top : top + side, left : left + side].astype(np.float32) / np.float32(255.0)
    prepared: Floats = ((square - MEAN) / DEVIATION).transpose(2, 0, 1)[None]
    return np.ascontiguousarray(prepared)


def open_tokenizer(path: Path, tokens: int) -> Tokenizer:
    """The tokenizer in `path`, which cuts texts to `tokens`.

    Raises:
        InvalidSettings: there is no such file, it is no tokenizer, or the package that reads it is not installed.
    """
    try:
        package: Any = import_module("tokenizers")
    except ImportError:
        raise InvalidSettings(f"alignment.tokenizer needs the package tokenizers: {INSTALL}") from None
    if not path.is_file():
        raise InvalidSettings(f"alignment.tokenizer: {path}: there is no such file; it is exported beside the model")
    try:
        tokenizer = package.Tokenizer.from_file(str(path))
        tokenizer.no_padding()
        tokenizer.enable_truncation(tokens)
    except Exception as error:  # noqa: BLE001 - the package raises nothing more particular
        raise InvalidSettings(
            f"alignment.tokenizer: {path} is no tokenizer.json (vocab.json and merges.txt are not enough): {error}"
        ) from None
    return tokenizer  # type: ignore[no-any-return]


def fill_up(ids: list[int], length: int | None) -> tuple[Places, Places]:
    """Token ids and attention mask, shape (1, tokens), filled up with zeros to `length` where that is fixed.

    Which id fills up does not matter: the mask leaves it out, and CLIP's own text encoder looks only backwards.
    """
    padding = max(0, (length or 0) - len(ids))
    return np.array([ids + [0] * padding], np.intp), np.array([[1] * len(ids) + [0] * padding], np.intp)
