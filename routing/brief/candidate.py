"""A scored draft as the board remembers it, and the diagnosis that its handover is chosen by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, ConfigDict

from routing.scoring.criteria import CRITERIA
from routing.scoring.score import Score
from schemas.images import ImageRef
from schemas.refinements import Diagnosis
from schemas.scorecards import Measurement, Scorecard, Signature

CURES: Final[Mapping[str, Diagnosis]] = {
    "technical.contrast": "flat-light",
    "technical.exposure": "flat-light",
    "brand_colour.coverage": "off-brand-background",
    "brand_colour.distance": "off-brand-background",
    "brand_colour.primary_distance": "off-brand-background",
    "wording.found": "garbled-copy",
    "wording.wrong_letters": "garbled-copy",
    "text.contrast": "garbled-copy",
    "text.clutter": "garbled-copy",
    "text.height.headline": "garbled-copy",
    "text.height": "garbled-copy",
    "composition.imbalance": "wrong-structure",
    "logo.crowding": "wrong-structure",
}
"""What a weakness of each measurement means. Faults of craft (noise, blur, banding, blocks) are not listed: every
refinement redraws the pixels, so they disappear without being asked for. Nor is the likeness to the prompt: its scale
is that of a user's own model, so it ranks candidates and has no cure."""

WRONG: Final = 0.35
"""Merit, half of what is sound, below which the structure cannot be corrected: the image is drawn again, whatever else
is wrong."""


class CandidateDiagnosis(BaseModel):
    """A diagnosis, with the measurement that decided and its value; both are empty if nothing is wrong."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    diagnosis: Diagnosis = "sound"
    measurement: str = ""
    value: float = 0.0
    said: str = ""


class Candidate(BaseModel):
    """A scored draft: enough to choose by, not the whole scorecard.

    `reasons` begin with one sentence for each of `gates`; `finding` is what a handover is to correct.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    candidate_id: str
    variant: int
    image: ImageRef
    score: float
    gates: tuple[str, ...]
    reasons: tuple[str, ...]
    finding: CandidateDiagnosis = CandidateDiagnosis()
    signature: Signature


def diagnose(card: Scorecard, score: Score) -> CandidateDiagnosis:
    """The diagnosis of the draft of `card`, whose `score` is known.

    A wrong structure has priority, then the light: in bad light no colour can be judged, and copy is set last.
    Otherwise the heaviest weakness that has a cure decides. A candidate without any weakness is small and clean.
    """
    measured = {measurement.name: measurement for measurement in card.measurements}
    wrong = [
        name
        for name in score.weaknesses
        if CURES.get(name) == "wrong-structure" and CRITERIA[name].merit(measured[name].value) < WRONG
    ]
    curable = [name for name in score.weaknesses if CURES.get(name, "wrong-structure") != "wrong-structure"]
    unlit = [name for name in curable if CURES[name] == "flat-light"]
    decisive = next(iter((*wrong, *unlit, *curable)), None)
    if decisive is not None:
        return _finding(CURES[decisive], measured[decisive])
    return CandidateDiagnosis(diagnosis="sound" if score.weaknesses else "small-and-clean")


def _finding(diagnosis: Diagnosis, measurement: Measurement) -> CandidateDiagnosis:
    said = CRITERIA[measurement.name].blame.format(value=measurement.value, detail=measurement.detail)
    return CandidateDiagnosis(diagnosis=diagnosis, measurement=measurement.name, value=measurement.value, said=said)
