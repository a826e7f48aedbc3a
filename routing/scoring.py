"""One number from a scorecard, with the gates that no number buys off and the reasons in words.

Each measurement becomes a merit between 0 and 1 along a line of points (`Criterion.points`), straight between
them and level beyond. The score is the weighted mean of the merits of what was measured, so that a model which
does not tell where its text stands is neither praised nor punished for text. A gate that fails leaves the score
as it is and keeps the candidate from being promoted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from schemas.scorecards import Measurement, Scorecard


@dataclass(frozen=True, slots=True)
class Criterion:
    """How a measurement counts: its weight, the points (value, merit) of its mapping, and how it is said.

    `points` ascend in value. A measurement that is better higher (lower) has merits that never fall (rise).
    `praise` and `blame` are sentences with a ``{value}`` to fill in.
    """

    weight: float
    points: tuple[tuple[float, float], ...]
    praise: str
    blame: str

    def merit(self, value: float) -> float:
        """The merit, 0 to 1, of `value`."""
        (first, at_first), (last, at_last) = self.points[0], self.points[-1]
        if value <= first:
            return at_first
        if value >= last:
            return at_last
        (left, low), (right, high) = next(pair for pair in pairwise(self.points) if value <= pair[1][0])
        return low + (high - low) * (value - left) / (right - left)


@dataclass(frozen=True, slots=True)
class Gate:
    """A limit that a promoted candidate keeps: at least `minimum`, at most `maximum`; `reason` says what is needed."""

    reason: str
    minimum: float = float("-inf")
    maximum: float = float("inf")

    def fails(self, value: float) -> bool:
        """Whether `value` is out of bounds."""
        return not self.minimum <= value <= self.maximum


@dataclass(frozen=True, slots=True)
class Score:
    """`value` is 0 to 1; `gates` names the measurements whose limit is broken; `reasons` are sentences, gates first."""

    value: float
    gates: tuple[str, ...]
    reasons: tuple[str, ...]


SOUND: Final = 0.7
"""The merit at which a designer stops objecting: below it a measurement is a weakness, from it on it may be praised."""

CRITERIA: Final[Mapping[str, Criterion]] = {
    "text.contrast": Criterion(
        0.25, ((1.0, 0.0), (3.0, 0.2), (4.5, SOUND), (7.0, 1.0)),
        "all text reads well: {value:.1f}:1 or more", "the weakest text has {value:.1f}:1, 4.5:1 needed",
    ),
    "text.height.headline": Criterion(
        0.10, ((0.015, 0.0), (0.035, SOUND), (0.06, 1.0)),
        "a headline {value:.1%} of the height tall", "the headline is small: {value:.1%} of the height",
    ),
    "brand_colour.coverage": Criterion(
        0.15, ((0.0, 0.0), (0.08, SOUND), (0.25, 1.0)),
        "brand colours on {value:.0%} of the picture", "brand colours on {value:.0%} of the picture only",
    ),
    "brand_colour.distance": Criterion(
        0.10, ((4.0, 1.0), (12.0, SOUND), (35.0, 0.0)),
        "colours stay near the brand's (ΔE {value:.0f})", "colours stray from the brand's: ΔE {value:.0f} on average",
    ),
    "technical.edge_blur": Criterion(
        0.15, ((0.8, 1.0), (1.3, SOUND), (2.5, 0.0)),
        "edges are crisp", "edges are soft: {value:.1f} px of blur at 512 px",
    ),
    "technical.noise": Criterion(
        0.05, ((2.0, 1.0), (6.0, SOUND), (20.0, 0.0)),
        "surfaces are clean", "surfaces are noisy: {value:.0f} of 255 levels",
    ),
    "technical.contrast": Criterion(
        0.08, ((0.03, 0.0), (0.12, SOUND), (0.22, 1.0)),
        "light and dark stand apart", "the picture is flat: contrast {value:.2f}",
    ),
    "technical.exposure": Criterion(
        0.05, ((0.03, 0.0), (0.15, 1.0), (0.9, 1.0), (0.99, 0.0)),
        "the exposure is even", "the exposure is off: mean brightness {value:.0%}",
    ),
    "technical.colourfulness": Criterion(
        0.07, ((0.0, 0.0), (25.0, SOUND), (60.0, 1.0)),
        "the colours are lively", "the colours are dull: {value:.0f}, 25 and more are lively",
    ),
}  # fmt: skip
"""The weights were set by hand: legibility first, then the brand, then craft."""

WEIGHTS: Final[Mapping[str, float]] = {name: criterion.weight for name, criterion in CRITERIA.items()}

GATES: Final[Mapping[str, Gate]] = {
    "text.contrast.headline": Gate("headline contrast {value:.1f}:1, 4.5:1 needed", minimum=3.0),
    "text.contrast.line": Gate("line contrast {value:.1f}:1, 4.5:1 needed", minimum=3.0),
    "text.contrast.call_to_action": Gate("call-to-action contrast {value:.1f}:1, 4.5:1 needed", minimum=3.0),
    "text.contrast.legal": Gate("legal text contrast {value:.1f}:1, 4.5:1 needed", minimum=2.0),
    "text.inside_safe_area": Gate("text leaves the safe area: {detail} ({value:.0%} of it inside)", minimum=0.98),
    "brand_colour.coverage": Gate("no brand colour to be seen: {value:.1%} of the picture, 1% needed", minimum=0.01),
    "technical.edge_blur": Gate("nothing is sharp: {value:.1f} px of blur at 512 px, 2.5 at most", maximum=2.5),
    "technical.clipped_shadows": Gate("blacked out on {value:.0%} of the picture, 40% at most", maximum=0.4),
    "technical.clipped_highlights": Gate("washed out on {value:.0%} of the picture, 40% at most", maximum=0.4),
}
"""What keeps a candidate from being refined.

3:1 is WCAG 2.2's floor for large text; between it and 4.5:1 the score pays. Legal text gets 2:1 here, for at draft
size its strokes are thinner than a pixel and look paler than they are; the final is held to 3:1 (`routing.drift`).
Clean drafts of the composer, 120 of them, measured 4.8:1 and more on all but legal text and 3.2:1 and more on that,
0.83 px of blur at most, 2.6 % of brand colour at least and 2 % clipped at most.
"""

_PRAISED: Final = 2
"""Strengths that are named, so that a promotion says why and not everything."""


def overall(card: Scorecard, *, weights: Mapping[str, float] = WEIGHTS) -> Score:
    """The score of `card`; `weights` may leave out criteria, and names no others than `CRITERIA`.

    Raises:
        ValueError: a weight is negative, or is that of an unknown criterion.
    """
    unknown = [name for name, weight in weights.items() if name not in CRITERIA or weight < 0.0]
    if unknown:
        raise ValueError(f"no criteria, or below zero: {', '.join(unknown)}; there are {', '.join(CRITERIA)}")
    measured = {m.name: m for m in card.measurements}
    merits = {name: CRITERIA[name].merit(measured[name].value) for name in weights if name in measured}
    total = sum(weights[name] for name in merits)
    value = sum(weights[name] * merit for name, merit in merits.items()) / total if total else 0.0
    broken = {name: gate for name, gate in GATES.items() if name in measured and gate.fails(measured[name].value)}
    said = [_say(gate.reason, measured[name]) for name, gate in broken.items()]
    return Score(min(1.0, max(0.0, value)), tuple(broken), (*said, *_describe(merits, weights, measured)))


def _describe(
    merits: Mapping[str, float], weights: Mapping[str, float], measured: Mapping[str, Measurement]
) -> list[str]:
    """What counted most: the greatest strengths, then every weakness, heaviest first."""
    gains = sorted(merits, key=lambda name: -weights[name] * merits[name])
    losses = sorted(merits, key=lambda name: -weights[name] * (1.0 - merits[name]))
    strengths = [_say(CRITERIA[name].praise, measured[name]) for name in gains if merits[name] >= SOUND][:_PRAISED]
    return strengths + [_say(CRITERIA[name].blame, measured[name]) for name in losses if merits[name] < SOUND]


def _say(sentence: str, measurement: Measurement) -> str:
    return sentence.format(value=measurement.value, detail=measurement.detail)
