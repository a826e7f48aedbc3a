"""Embeddings with the model that made them; those of different models are never compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imaging.pixels import Floats


@dataclass(frozen=True)
class Embedding:
    """Where a model puts an image in its space, and which model: `measured_by` with its version."""

    values: Floats
    measured_by: str
    measured_by_version: str

    @property
    def maker(self) -> str:
        """The model and its version, in words."""
        return f"{self.measured_by} {self.measured_by_version}"


def cosine_distance(first: Embedding, second: Embedding) -> float | None:
    """1 - cosine, 0 (alike) to 2, of two embeddings of one model in one version; None where they are of different ones.

    A plain image may have no direction at all: then two such are alike, and one is a right angle from any other.
    """
    if first.maker != second.maker:
        return None
    lengths = float(np.linalg.norm(first.values)), float(np.linalg.norm(second.values))
    if not min(lengths):
        return 0.0 if not max(lengths) else 1.0
    return 1.0 - float(first.values @ second.values) / (lengths[0] * lengths[1])
