"""A CLIP model (ONNX) of the user's own: embeddings of images and of texts in one space.

The files are found and opened by `infra.programs.own_clip`; this module prepares inputs and runs the graphs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image

from imaging.pixels import BgrImage, Floats, Places, to_rgb

PIXELS: Final = "pixel_values"
IDS: Final = "input_ids"
MASK: Final = "attention_mask"
"""Names of inputs in exports of Hugging Face's optimum."""
IMAGE: Final = "image_embeds"
TEXT: Final = "text_embeds"
"""Names of outputs there."""
TYPES: Final[dict[str, npt.DTypeLike]] = {
    "tensor(float)": np.float32, "tensor(float16)": np.float16, "tensor(int64)": np.int64, "tensor(int32)": np.int32,
}  # fmt: skip
"""Types of inputs that are fed, by ONNX Runtime's names."""
MEAN: Final = np.array([0.48145466, 0.4578275, 0.40821073], dtype=np.float32)
DEVIATION: Final = np.array([0.26862954, 0.26130258, 0.27577711], dtype=np.float32)
"""Mean and standard deviation of red, green and blue in CLIP's training images: ``_transform`` in OpenAI's own code
(Radford et al., 2021), ``OPENAI_CLIP_MEAN`` and ``OPENAI_CLIP_STD`` in transformers and OpenCLIP."""
_PREPARED: Final = "1"
"""How images and texts are prepared here; part of each version."""
_TEXTS_KEPT: Final = 256
"""Embeddings of texts, 2 to 4 KB each: all drafts of a brief have one text."""


class Tokenizer(Protocol):
    """What is needed of `tokenizers.Tokenizer`."""

    def encode(self, sequence: str) -> Any:
        """The encoding, with its `ids`."""

    def get_vocab(self) -> dict[str, int]:
        """The id of each token."""


@dataclass(frozen=True)
class Graph:
    """A graph that is ready to run. `names` maps our names of inputs to its own, `outputs` those of outputs."""

    session: Any
    names: dict[str, str]
    outputs: dict[str, str]

    def run(self, wanted: str, feeds: dict[str, npt.NDArray[Any]]) -> Floats:
        """The output `wanted` for `feeds`, by our names; each is cast to its input's type, and left out without one."""
        types = {node.name: TYPES[node.type] for node in self.session.get_inputs()}
        fed = {self.names[ours]: feeds[ours].astype(types[self.names[ours]]) for ours in feeds if ours in self.names}
        (found,) = self.session.run([self.outputs[wanted]], fed)
        return np.asarray(found, dtype=np.float32)

    def length(self, ours: str) -> int | None:
        """The last axis of the input `ours`, where the graph fixes it."""
        nodes = {node.name: node.shape for node in self.session.get_inputs()}
        shape = nodes.get(self.names.get(ours, ""), ())
        return shape[-1] if shape and isinstance(shape[-1], int) else None


class Clip:
    """Both encoders with the tokenizer. Safe in any thread.

    A graph that holds both wants both inputs at every run: it is given a grey image, or a text without words.
    """

    def __init__(
        self, image: Graph, text: Graph, tokenizer: Tokenizer, *, name: str, files_digest: str, side: int
    ) -> None:
        self._image, self._text, self._tokenizer = image, text, tokenizer
        self._side = image.length(PIXELS) or side
        self.name: Final = name
        self.version: Final = f"sha256 {files_digest[:12]}, prepared {_PREPARED} at {self._side}"
        self.embed_text: Final = lru_cache(maxsize=_TEXTS_KEPT)(self._embed_text)

    def embed_image(self, bgr: BgrImage) -> Floats:
        """The embedding of `bgr`, length 1 (not finite where the model gives it no direction)."""
        words = self._feed(self._ids("")) if IDS in self._image.names else {}
        return _unit(self._image.run(IMAGE, {PIXELS: prepare(bgr, self._side), **words}))

    def try_out(self) -> tuple[Floats, Floats]:
        """Embeddings of an image and of the token with the highest id, which another model's tokenizer may exceed."""
        highest = max(self._tokenizer.get_vocab().values(), default=0)
        return self.embed_image(BgrImage(np.full((64, 96, 3), 127, np.uint8))), self._embed_ids([highest])

    def _embed_text(self, text: str) -> Floats:
        return self._embed_ids(self._ids(text))

    def _embed_ids(self, ids: list[int]) -> Floats:
        grey = np.zeros((1, 3, self._side, self._side), np.float32)
        return _unit(self._text.run(TEXT, {PIXELS: grey, **self._feed(ids)}))

    def _ids(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text).ids)

    def _feed(self, ids: list[int]) -> dict[str, npt.NDArray[Any]]:
        tokens, mask = _filled_up(ids, self._text.length(IDS))
        return {IDS: tokens, MASK: mask}


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


def _filled_up(ids: list[int], length: int | None) -> tuple[Places, Places]:
    """Token ids and attention mask, shape (1, tokens), filled up with zeros to `length` where that is fixed.

    Which id fills up does not matter: the mask leaves it out, and CLIP's own text encoder looks only backwards.
    """
    padding = max(0, (length or 0) - len(ids))
    return np.array([ids + [0] * padding], np.intp), np.array([[1] * len(ids) + [0] * padding], np.intp)


def _unit(embedded: Floats) -> Floats:
    """The only row of `embedded`, scaled to length 1; NaN where it has none."""
    row: Floats = embedded[0] if len(embedded) == 1 else embedded
    with np.errstate(divide="ignore", invalid="ignore"):
        unit: Floats = row / np.linalg.norm(row)
    return unit
