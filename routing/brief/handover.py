"""Handover: how a promoted candidate is refined, chosen from what the models can do.

Each diagnosis has its options, the best first, as an operator would try them. The first option is taken that one of the
available models supports.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from routing.brief.candidate import CandidateDiagnosis
from schemas.briefs import Brief
from schemas.campaigns import Format
from schemas.generations import EditTarget, Operation
from schemas.refinements import Diagnosis, Handover

KEEP_GEOMETRY_STRENGTH: Final = 0.35
"""Denoising strength that keeps the layout and adds finish: guides to image-to-image recommend 0.3 to 0.4."""
RELIGHT_STRENGTH: Final = 0.5
"""Enough to change light and shadow, below the 0.6 at which those guides see shapes change."""
REDRAW_STRENGTH: Final = 0.65
"""Denoising strength where the structure is to change and the model needs an image to start from."""
SAME_SHAPE_ONLY: Final[frozenset[Operation]] = frozenset({"masked-edit", "relight", "upscale"})
"""Operations that work in place: their result has the ratio of the image that they start from."""

_SAME_RATIO: Final = 0.015
"""Half a pixel in the shorter side of a small draft."""

_LIGHT: Final = "Light it with a clear key light: bright lights, deep shadows, a full range of tones."
_GROUND: Final = "Replace what stands behind the subject by a plain ground in the brand's colours; keep the subject."
_COPY: Final = "Set the quoted text anew, letter by letter, large enough, on quiet ground with strong contrast."
_STRUCTURE: Final = "Compose it anew: balanced, the subject clear of the logo, all text inside the margins."


@dataclass(frozen=True, slots=True)
class Option:
    """One way to hand a candidate over; `by_type_model`: the plan's type model does it, not the refine model."""

    operation: Operation
    reason: str
    strength: float | None = None
    edit: EditTarget | None = None
    changes: tuple[str, ...] = ()
    by_type_model: bool = False


OPTIONS: Final[Mapping[Diagnosis, tuple[Option, ...]]] = {
    "sound": (
        Option("image-to-image", "passed every gate: keep its geometry, finish light and texture",
            KEEP_GEOMETRY_STRENGTH),
    ),
    "small-and-clean": (
        Option("upscale", "nothing is wrong but its size: enlarge it"),
        Option("image-to-image", "nothing is wrong but its size: keep its geometry", KEEP_GEOMETRY_STRENGTH),
    ),
    "flat-light": (
        Option("relight", "right but flat: relight it, keep everything else", RELIGHT_STRENGTH, changes=(_LIGHT,)),
        Option("image-to-image", "right but flat: keep its geometry, change its light", RELIGHT_STRENGTH,
            changes=(_LIGHT,)),
    ),
    "off-brand-background": (
        Option("masked-edit", "the subject is right, the background is not the brand's: replace it",
            edit="background", changes=(_GROUND,)),
        Option("image-to-image", "the background is not the brand's: recolour it", RELIGHT_STRENGTH,
            edit="background", changes=(_GROUND,)),
    ),
    "garbled-copy": (
        Option("masked-edit", "the copy cannot be read: set it again in its place", edit="copy", changes=(_COPY,)),
        Option("masked-edit", "the copy cannot be read, and the refine model edits no regions: set type over the image",
            edit="copy", changes=(_COPY,), by_type_model=True),
        Option("image-to-image", "the copy cannot be read: keep the geometry, write it again", KEEP_GEOMETRY_STRENGTH,
            edit="copy", changes=(_COPY,)),
    ),
    "wrong-structure": (
        Option("text-to-image", "the structure cannot be corrected: draw it again", changes=(_STRUCTURE,)),
        Option("image-to-image", "the structure is wrong: redraw it with high strength", REDRAW_STRENGTH,
            changes=(_STRUCTURE,)),
    ),
}  # fmt: skip
_ENLARGED: Final = Option("upscale", "the refine model only enlarges: as it is")
_NOT_ENLARGED: Final[frozenset[Diagnosis]] = frozenset({"garbled-copy", "wrong-structure"})
"""Faults that no size corrects: such a candidate is not promoted if it can only be enlarged."""


def choose_handover(
    finding: CandidateDiagnosis,
    operations: Collection[Operation],
    *,
    type_model: str | None = None,
    same_format: bool = True,
) -> Handover | None:
    """Choose the first option for a diagnosis that the models support.

    Args:
        finding: the diagnosis of the candidate.
        operations: what the refine model can do.
        type_model: the model that sets copy over any image; None if there is none.
        same_format: whether the result has the ratio of the draft. If not, operations that work in place are excluded.

    Returns:
        The handover, or None if no option is supported.
    """
    options = (each for each in options_for(finding.diagnosis) if _supported(each, operations, type_model, same_format))
    option = next(options, None)
    if option is None:
        return None
    return Handover(
        diagnosis=finding.diagnosis,
        operation=option.operation,
        model=type_model if option.by_type_model else None,
        strength=option.strength,
        edit=option.edit,
        changes=option.changes,
        reason=f"{finding.said}; {option.reason}" if finding.said else option.reason,
    )


def handover_for(brief: Brief, finding: CandidateDiagnosis, form: Format) -> Handover | None:
    """The handover of a candidate of `brief` for `form`, one of its formats; None if the models support none.

    A candidate without faults is enlarged only if that works for all formats, so that one asset has one finish.
    """
    plan = brief.plan
    concerned = brief.formats if finding.diagnosis == "small-and-clean" else (form,)
    return choose_handover(
        finding,
        brief.refine_operations,
        type_model=plan.type_model if plan.type_model != plan.refine_model else None,
        same_format=all(same_shape(each, brief.draft_format) for each in concerned),
    )


def same_shape(first: Format, second: Format) -> bool:
    """Whether an image of one format fills the other, up to the rounding of whole pixels."""
    return abs(first.size.ratio / second.size.ratio - 1.0) <= _SAME_RATIO


def options_for(diagnosis: Diagnosis) -> tuple[Option, ...]:
    """All options for `diagnosis`, best first; the last ones are for models that take no reference or only enlarge."""
    options = OPTIONS[diagnosis]
    changes = next((option.changes for option in options if option.changes), ())
    redrawn = Option("text-to-image", "the refine model takes no reference image: draw it again", changes=changes)
    return (*options, redrawn) if diagnosis in _NOT_ENLARGED else (*options, redrawn, _ENLARGED)


def _supported(option: Option, operations: Collection[Operation], type_model: str | None, same_format: bool) -> bool:
    if option.operation in SAME_SHAPE_ONLY and not same_format:
        return False
    return type_model is not None if option.by_type_model else option.operation in operations
