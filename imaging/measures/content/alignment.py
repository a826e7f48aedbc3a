"""Prompt alignment: does the image show what was asked for? A user's own CLIP is asked, where there is one."""

from __future__ import annotations

from typing import Final

import numpy as np

from imaging.measures.check import Scale
from imaging.measures.content.clip import Clip
from imaging.measures.subject import Subject
from schemas.scorecards import Measurement

ALIGNMENT: Final = Scale("alignment.prompt", "cosine similarity", -1.0, 1.0, "higher")


class AlignmentCheck:
    """The cosine of the image's embedding and that of the words it was asked for in (CLIPScore without its factor).

    Hessel et al., "CLIPScore: A Reference-free Evaluation Metric for Image Captioning", 2021.
    """

    scales: Final = (ALIGNMENT,)

    def __init__(self, model: Clip) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """What the user calls the model."""
        return self._model.name

    @property
    def version(self) -> str:
        """The digest of its files, and how images are prepared for it."""
        return self._model.version

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """One measurement; none where no one knows what was asked for, or where an embedding has no direction."""
        if not subject.asked_for:
            return ()
        cosine = float(self._model.embed_image(subject.pixels) @ self._model.embed_text(subject.asked_for))
        return (ALIGNMENT.reading(cosine, self, subject.asked_for),) if np.isfinite(cosine) else ()
