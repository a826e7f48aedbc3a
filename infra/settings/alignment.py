"""The settings of the user's own CLIP model, which says whether an image shows what was asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from infra.settings.group import Group


class AlignmentSettings(Group):
    """A CLIP model as ONNX files of the user's own; off until named, and then nothing of it costs anything.

    Either `model` is one graph with both encoders, or `image_encoder` and `text_encoder` are a graph each.
    `tokenizer` is the model's ``tokenizer.json``. `name` signs the measurements. Images are shown `side` pixels
    square and texts cut to `tokens`, where the graph does not say itself.
    """

    model: Path | None = None
    image_encoder: Path | None = None
    text_encoder: Path | None = None
    tokenizer: Path | None = None
    name: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[\w.:/@-]+$")] = "clip"
    side: Annotated[int, Field(ge=32, le=1024)] = 224
    tokens: Annotated[int, Field(ge=4, le=512)] = 77

    @property
    def is_on(self) -> bool:
        """Is there a model to ask?"""
        return self.tokenizer is not None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        encoders = (self.image_encoder is not None, self.text_encoder is not None)
        if encoders[0] != encoders[1]:
            raise ValueError("image_encoder and text_encoder go together")
        if self.model is not None and any(encoders):
            raise ValueError("model is both encoders in one file: leave image_encoder and text_encoder out, or it")
        has_graph = self.model is not None or all(encoders)
        if has_graph and self.tokenizer is None:
            raise ValueError("a model without a tokenizer: write the path of its tokenizer.json")
        if self.tokenizer is not None and not has_graph:
            raise ValueError("tokenizer without a model: write the path of the ONNX file, or of both encoders")
        return self
