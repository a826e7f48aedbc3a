"""A user's own CLIP (ONNX): embeddings of images and of texts in one space. Nothing is downloaded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from imaging.measures.content.clip_graph import IDS, IMAGE, MASK, PIXELS, TEXT, Graph, open_graph
from imaging.measures.content.clip_input import Tokenizer, fill_up, open_tokenizer, prepare
from imaging.pixels import BgrImage, Floats
from infra.settings import AlignmentSettings
from schemas.errors import InvalidSettings

_PREPARED: Final = "1"
"""How images and texts are prepared here; part of each version."""
_TEXTS_KEPT: Final = 256
"""Embeddings of texts, 2 to 4 KB each: all drafts of a brief have one text."""


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
        """Where the model puts `bgr`, length 1 (not finite where it puts it nowhere)."""
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
        tokens, mask = fill_up(ids, self._text.length(IDS))
        return {IDS: tokens, MASK: mask}


def load_clip(settings: AlignmentSettings) -> Clip:
    """The model that `settings` name, tried out on an image and a text.

    Raises:
        InvalidSettings: it cannot be loaded or does not do what a CLIP does; with what to write instead.
    """
    assert settings.tokenizer is not None
    image, text = _graphs(settings)
    length = text.length(IDS)
    tokenizer = open_tokenizer(settings.tokenizer, min(length or settings.tokens, settings.tokens))
    files = (settings.model, settings.image_encoder, settings.text_encoder, settings.tokenizer)
    digest = _digest(path for path in files if path is not None)
    clip = Clip(image, text, tokenizer, name=settings.name, files_digest=digest, side=settings.side)
    _try_out(clip)
    return clip


def _graphs(settings: AlignmentSettings) -> tuple[Graph, Graph]:
    """The graphs of images and of texts: the same one where a file has both."""
    if settings.model is not None:
        both = open_graph("model", settings.model, (PIXELS, IDS, MASK), (IMAGE, TEXT))
        return both, both
    assert settings.image_encoder is not None
    assert settings.text_encoder is not None
    return (
        open_graph("image_encoder", settings.image_encoder, (PIXELS,), (IMAGE,)),
        open_graph("text_encoder", settings.text_encoder, (IDS, MASK), (TEXT,)),
    )


def _digest(paths: Iterable[Path]) -> str:
    """SHA-256 over the files in their order; weights that an export keeps beside its graph count too."""
    whole = hashlib.sha256()
    for path in paths:
        for part in (path, path.with_name(f"{path.name}_data"), path.with_name(f"{path.name}.data")):
            if part.is_file():
                with part.open("rb") as file:
                    whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()


def _try_out(clip: Clip) -> None:
    """Embed an image and a text once, so that a graph that cannot fails now and not at every draft."""
    try:
        image, words = clip.try_out()
    except Exception as error:  # noqa: BLE001 - onnxruntime's errors have no other base
        raise InvalidSettings(
            f"alignment: the model cannot embed an image and a text; does alignment.side or the tokenizer belong to "
            f"another one? {error}"
        ) from None
    if image.ndim != 1 or image.shape != words.shape:
        raise InvalidSettings(
            f"alignment: images become {image.shape} numbers and texts {words.shape}, which cannot be compared; "
            "export both encoders of one model, with their projections"
        )


def _unit(embedded: Floats) -> Floats:
    """The only row of `embedded`, scaled to length 1; NaN where it has none."""
    row: Floats = embedded[0] if len(embedded) == 1 else embedded
    with np.errstate(divide="ignore", invalid="ignore"):
        unit: Floats = row / np.linalg.norm(row)
    return unit
