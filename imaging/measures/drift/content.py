"""Content beside the candidate's: does the network see the same thing, overall and at the product's place?"""

from __future__ import annotations

from typing import Final

import numpy as np

from imaging.measures.check import Scale
from imaging.measures.content.network import MODEL, MODEL_VERSION, Embedding, cosine_distance, look_at
from imaging.measures.drift.kept import fit_kept
from imaging.measures.drift.pairing import Pair, pair, same_ratio
from imaging.measures.subject import Subject
from imaging.measures.text.boxes import cut
from imaging.pixels import BgrImage, Mask
from schemas.images import Box
from schemas.scorecards import Measurement

CONTENT: Final = Scale("drift.content", "cosine distance", 0.0, 2.0, "lower")
PRODUCT: Final = Scale("drift.product", "cosine distance", 0.0, 2.0, "lower")
NOT_COMPARED: Final = Scale("drift.not_compared", "comparisons", 0.0, 100.0, "lower")

CHANGED_SPOT: Final = 0.75
"""Correlation of the worst spot below which something changed: only then the network is asked what."""


class ContentDrift:
    """The distance of the embeddings of what is shown, by open_nsfw's pooled layer: overall, and around the product.

    Nothing is measured where no spot changed its structure, because then the same is shown. Nothing is measured in
    another format either: there the same scene in a new layout had the distance (0.24) of other scenes of its brand.
    Embeddings of different models are not compared; a measurement of its own reports that.
    """

    name: Final = MODEL
    version: Final = MODEL_VERSION
    scales: Final = (CONTENT, PRODUCT, NOT_COMPARED)

    def measure(self, refinement: Subject, candidate: Subject, kept: Mask | None = None) -> tuple[Measurement, ...]:
        """Up to three measurements; none of an edit, whose new part would count as well."""
        if kept is not None or not something_changed(refinement, candidate):
            return ()
        whole = self.compared(content_of(refinement), content_of(candidate))
        return (*whole, *self._product(refinement, candidate))

    def compared(self, now: Embedding, before: Embedding) -> tuple[Measurement, ...]:
        """The distance of two embeddings, or the report that they are of different models."""
        distance = cosine_distance(now, before)
        if distance is None:
            return (NOT_COMPARED.reading(1.0, self, f"content: {before.maker} and {now.maker} do not compare"),)
        return (CONTENT.reading(max(0.0, distance), self),)

    def _product(self, refinement: Subject, candidate: Subject) -> tuple[Measurement, ...]:
        regions = (*candidate.regions, *refinement.regions)
        box = next((region.box for region in regions if region.role == "product"), None)
        if box is None or not _changed_in(box, pair(refinement, candidate)):
            return ()
        now, before = (_look_in(subject, box) for subject in (refinement, candidate))
        distance = cosine_distance(now, before)
        return () if distance is None else (PRODUCT.reading(max(0.0, distance), self),)


def content_of(subject: Subject) -> Embedding:
    """What the network sees in the whole image."""
    return Embedding(subject.content.embedding, MODEL, MODEL_VERSION)


def embedded(bgr: BgrImage) -> Embedding:
    """What the network sees in `bgr`."""
    return Embedding(look_at(bgr).embedding, MODEL, MODEL_VERSION)


def something_changed(refinement: Subject, candidate: Subject, kept: Mask | None = None) -> bool:
    """Whether any spot of an image in the same format has another structure now."""
    if not same_ratio(refinement, candidate):
        return False
    both = pair(refinement, candidate)
    part = fit_kept(kept, both.now.shape[1::-1]) if kept is not None else None
    return both.likeness.worst_spot(part)[0] < CHANGED_SPOT


def _changed_in(box: Box, both: Pair) -> bool:
    """Whether any spot of `box` has another structure now; else the same is shown there."""
    part = np.zeros(both.now.shape[:2], np.uint8)
    cut(part, box)[...] = 1
    return both.likeness.worst_spot(part.view(np.bool_))[0] < CHANGED_SPOT


def _look_in(subject: Subject, box: Box) -> Embedding:
    return embedded(BgrImage(np.ascontiguousarray(cut(subject.common, box))))
