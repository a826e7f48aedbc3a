"""The second attempt at a refinement that drifted: more gently, or with its copy set over it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from schemas.briefs import Brief
from schemas.generations import Operation
from schemas.refinements import DriftVerdict, Handover

GENTLER: Final = 0.5
"""What a second attempt keeps of the first one's strength."""
_STRENGTH_COUNTS: Final[frozenset[Operation]] = frozenset({"image-to-image", "relight"})
_OF_COPY: Final = ("wording.", "text.")
_SPOTS: Final = frozenset({"drift.spot", "drift.colour_spot"})


def second_handover(brief: Brief, first: Handover, verdict: DriftVerdict) -> Handover | None:
    """How to try again after `first` drifted as `verdict` says; None where no other way promises more.

    Where nothing but the copy is wrong, the plan's type model sets it over the refinement itself, unless copy was
    what the first attempt was about. Otherwise the same operation is tried at half its strength, if strength
    means anything to it.
    """
    if _only_copy(verdict.broken):
        return None if first.edit == "copy" else _set_copy(brief, first, verdict)
    if first.operation in _STRENGTH_COUNTS and first.strength:
        return _more_gently(first)
    return None


def _only_copy(broken: Collection[str]) -> bool:
    """Whether lettering alone went wrong; the worst spot of the image is then where it stands."""
    of_copy = [name for name in broken if name.startswith(_OF_COPY)]
    return bool(of_copy) and all(name in _SPOTS for name in broken if name not in of_copy)


def _set_copy(brief: Brief, first: Handover, verdict: DriftVerdict) -> Handover:
    return Handover(
        diagnosis="garbled-copy",
        operation="masked-edit",
        model=brief.plan.type_model,
        strength=None,
        edit="copy",
        changes=first.changes,
        reason=f"the refinement's copy went wrong ({'; '.join(verdict.reasons)}): type is set over it",
    )


def _more_gently(first: Handover) -> Handover:
    strength = round((first.strength or 0.0) * GENTLER, 3)
    reason = f"it drifted at strength {first.strength:g}: once more at {strength:g}"
    return first.model_copy(update={"strength": strength, "reason": reason})
