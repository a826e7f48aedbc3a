"""The limits of drift: what a refinement must keep, depending on what its handover was to change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from schemas.campaigns import DriftPolicy
from schemas.generations import EditTarget, Operation


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound on one measurement, `minimum` to `maximum`; `reason` has ``{value}`` and ``{limit}`` to fill in.

    `measured_by` is the model whose numbers the limit is for, if a model measures it. Numbers of another model have
    another scale and are not judged by it.
    """

    name: str
    reason: str
    minimum: float = float("-inf")
    maximum: float = float("inf")
    measured_by: str | None = None

    def broken_by(self, value: float, detail: str = "") -> str | None:
        """The reason as a sentence if `value` is out of bounds, otherwise None."""
        if self.minimum <= value <= self.maximum:
            return None
        limit = self.minimum if value < self.minimum else self.maximum
        return self.reason.format(value=value, limit=limit, detail=detail)

    def loosened_to(self, bound: float) -> Limit:
        """The same limit at `bound`, if that allows more."""
        if self.minimum > float("-inf"):
            return replace(self, minimum=min(self.minimum, bound))
        return replace(self, maximum=max(self.maximum, bound))

    def at(self, bound: float) -> Limit:
        """The same limit at `bound`."""
        if self.minimum > float("-inf"):
            return replace(self, minimum=bound)
        return replace(self, maximum=bound)


DriftLimits = tuple[Limit, ...]

SIMILARITY_LIMITS: Final[DriftLimits] = (
    Limit("drift.structure", "the structure changed: SSIM {value:.2f}, {limit:.2f} needed", minimum=0.7),
    Limit("drift.edges", "shapes changed: correlation {value:.2f}, {limit:.2f} needed", minimum=0.75),
    Limit("drift.spot", "something else is {detail}: likeness {value:.2f}, {limit:.2f} needed", minimum=0.6),
    Limit("drift.layout", "the layout moved: {value:.0%} of the detail, {limit:.0%} allowed", maximum=0.15),
    Limit("drift.zoom", "the image was cropped or shrunk: {detail}", maximum=0.015),
    Limit("drift.shift", "the image moved by {value:.1%}, {limit:.1%} allowed", maximum=0.01),
    Limit("drift.colour_places", "colours changed in place: ΔE {value:.1f}, {limit:.1f} allowed", maximum=6.0),
    Limit("drift.colour_spot", "a place changed its colour: ΔE {value:.1f}, {limit:.1f} allowed", maximum=12.0),
    Limit("drift.grade", "the whole image was graded: ΔE {value:.1f}, {limit:.1f} allowed", maximum=5.5),
    Limit("drift.palette", "the palette changed: ΔE {value:.1f}, {limit:.1f} allowed", maximum=15.0),
    Limit("drift.brand_coverage", "brand colours lost: {value:+.0%} of the image, {limit:+.0%} at most",
          minimum=-0.3),
    Limit("drift.brand_colour", "the brand's {detail} colour moved: ΔE {value:.1f}, {limit:.1f} allowed", maximum=5.0),
    Limit("drift.content", "something else is shown: distance {value:.2f}, {limit:.2f} allowed", maximum=0.15,
          measured_by="open-nsfw"),
    Limit("drift.product", "the product is another: distance {value:.2f}, {limit:.2f} allowed", maximum=0.15,
          measured_by="open-nsfw"),
    Limit("drift.faces_lost", "faces are gone: {value:.0f} {detail}", maximum=0.0),
    Limit("drift.face_identity", "a face is another person's: distance {value:.2f}, {limit:.2f} allowed", maximum=0.45,
          measured_by="identity"),
    Limit("text.likeness", "the {detail} has other letters: likeness {value:.2f}, {limit:.2f} needed", minimum=0.15),
)  # fmt: skip
"""What a candidate and its refinement have in common, unless the handover was to change it.

The limits lie between what harmless changes measured on twenty ads (`make bench NAME=drift`) and what drifts of middle
strength did: spots 0.76 and more against 0.44 and less, zoom 0.7 % against 6.6 %, brand colours ΔE 3.8 against 5.3,
places ΔE 9.6 against 10.4 for brand hues and faces (two limits detect those), lettering 0.2 against 0.16. Faces by
dlib: the same blurred and noisy 0.18 at most, other people 0.53 at least. The composer's refinements of 88 drafts in
seven languages and four formats keep all of them."""

PUBLICATION_LIMITS: Final[DriftLimits] = (
    Limit("wording.found", "missing from the image: {detail}", minimum=0.999),
    Limit("wording.wrong_letters", "misspelt: {detail} ({value:.0f} wrong letters, {limit:.0f} allowed)", maximum=1.0),
    Limit("text.contrast", "the weakest text has {value:.1f}:1 now, {limit:.1f}:1 needed", minimum=3.0),
    Limit("text.inside_safe_area", "text leaves the safe area: {value:.0%} of it inside", minimum=0.98),
    Limit("logo.match", "the logo is gone or not the brand's: likeness {value:.2f}, {limit:.2f} needed", minimum=0.6),
    Limit("safety.nudity", "nudity is likely: {value:.0%}, {limit:.0%} at most", maximum=0.3,
          measured_by="open-nsfw"),
)  # fmt: skip
"""What every refinement needs, because it is about to be published, whatever it was made from.

One wrong letter is allowed, because the text reader itself makes that error: in 2 of 64 clean refinements, never
more."""

AppliedEdit = tuple[Operation, EditTarget | None]
"""What was done to a candidate: the operation, and what was edited."""
Changes = Mapping[str, float | None]
"""What an operation changes: wider bounds by measurement, None for no bound."""

_REDRAWN: Final[Changes] = {limit.name: None for limit in SIMILARITY_LIMITS}
_LIGHT: Final[Changes] = {
    "drift.structure": None, "drift.layout": 0.3, "drift.spot": 0.4, "drift.colour_places": 25.0,
    "drift.colour_spot": 50.0, "drift.grade": 25.0, "drift.palette": 30.0, "drift.brand_colour": 20.0,
    "drift.brand_coverage": -0.6, "drift.content": 0.25, "drift.product": 0.25,
}  # fmt: skip
_GROUND: Final[Changes] = {
    "drift.structure": 0.4, "drift.edges": 0.5, "drift.spot": 0.2, "drift.layout": None, "drift.colour_places": 15.0,
    "drift.colour_spot": 45.0, "drift.grade": 15.0, "drift.palette": None, "drift.brand_colour": 20.0,
    "drift.brand_coverage": None, "drift.content": None, "drift.product": None, "text.likeness": None,
}  # fmt: skip
_LINES: Final[Changes] = {
    "drift.spot": -0.2, "drift.colour_spot": 55.0, "drift.layout": 0.4, "drift.brand_colour": None,
    "drift.colour_places": 12.0, "drift.grade": 12.0, "drift.content": 0.3, "text.likeness": None,
}  # fmt: skip
"""Set copy may have a plate or a shade behind it, larger than its box; and the background of its former place is new. A
shade may cover a part in a brand colour; its share of the image is judged nevertheless."""


def limits_for(policy: DriftPolicy, *ways: AppliedEdit) -> DriftLimits:
    """The limits by which a refinement is judged; those of its campaign replace Brushfire's own.

    `ways` are what was done to the candidate, in order; each may change what it is meant to change.
    """
    similar = (_widened_by_all(_of_campaign(limit, policy), ways) for limit in SIMILARITY_LIMITS)
    publishable = (_of_campaign(limit, policy) for limit in PUBLICATION_LIMITS)
    return (*(limit for limit in similar if limit is not None), *publishable)


def changes_of(operation: Operation, edit: EditTarget | None) -> Changes:
    """What a handover was meant to change."""
    if operation == "text-to-image" or (edit == "background" and operation != "masked-edit"):
        return _REDRAWN  # no mask says what was to be kept
    if edit is not None:
        return _GROUND if edit == "background" else _LINES
    return _LIGHT if operation == "relight" else {}


def _widened_by_all(limit: Limit, ways: tuple[AppliedEdit, ...]) -> Limit | None:
    widened: Limit | None = limit
    for operation, edit in ways:
        widened = _widened(widened, changes_of(operation, edit)) if widened is not None else None
    return widened


def _widened(limit: Limit, changed: Changes) -> Limit | None:
    if limit.name not in changed:
        return limit
    bound = changed[limit.name]
    return None if bound is None else limit.loosened_to(bound)


def _of_campaign(limit: Limit, policy: DriftPolicy) -> Limit:
    """`limit` as the campaign sets it. A limit that is looser overall is looser in each place as well."""
    given = _given(policy).get(limit.name)
    if given is not None:
        return limit.at(given)
    if limit.name in {"drift.spot", "drift.edges"} and policy.structure is not None:
        return limit.loosened_to(policy.structure - 0.1)
    if limit.name in {"drift.colour_spot", "drift.grade"} and policy.colour_places is not None:
        return limit.loosened_to(2.0 * policy.colour_places)
    return limit


def _given(policy: DriftPolicy) -> dict[str, float | None]:
    return {
        "drift.structure": policy.structure,
        "drift.layout": policy.layout,
        "drift.colour_places": policy.colour_places,
        "drift.palette": policy.palette,
        "drift.content": policy.content,
        "drift.product": policy.content,
        "drift.brand_colour": policy.brand_colour,
        "drift.face_identity": policy.face_identity,
        "text.likeness": policy.lettering,
        "wording.wrong_letters": policy.wrong_letters,
        "logo.match": policy.logo,
    }
