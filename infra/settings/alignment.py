"""The settings of the user's own CLIP model, which says whether an image shows what was asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from infra.settings.group import Group


class AlignmentSettings(Group):
    """Prompt alignment: a CLIP model of the user's own, as ONNX files (docs/scoring.md#prompt-alignment-your-own-clip).

    It is off, and costs nothing, until `tokenizer` is set together with `model`, or with both encoders.
    """

    model: Path | None = None
    """One ONNX graph with both encoders."""
    image_encoder: Path | None = None
    """Instead of `model`: the graph of the image encoder."""
    text_encoder: Path | None = None
    """Instead of `model`: the graph of the text encoder."""
    tokenizer: Path | None = None
    """The model's `tokenizer.json`."""
    name: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[\w.:/@-]+$")] = "clip"
    """The name under which its measurements are recorded."""
    side: Annotated[int, Field(ge=32, le=1024)] = 224
    """Pixels of the square input image, where the graph does not say."""
    tokens: Annotated[int, Field(ge=4, le=512)] = 77
    """Longest text in tokens, where the graph does not say."""

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
