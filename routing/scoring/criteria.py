"""What makes an image good: the weighted criteria, and the gates that a score cannot outweigh.

Each criterion maps a measurement to a merit between 0 and 1, piecewise linear and constant beyond its ends. All share
one scale: `SOUND` is where a designer stops objecting. So a 0.7 in noise and a 0.7 in contrast are equally good,
whatever model drew the image.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

CriterionGroup = Literal["legibility", "wording", "brand", "craft", "composition", "novelty", "alignment"]
"""What a campaign weights: the fields of `schemas.campaigns.ScoreWeights`."""

SOUND: Final = 0.7
"""The merit at which a designer stops objecting: below it a measurement is a weakness, from it on it may be praised."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """How a measurement counts: its weight, the points (value, merit) of its mapping, and its sentences.

    `points` ascend in value. A measurement that is better higher (lower) has merits that never fall (rise). `praise`
    and `blame` are sentences with ``{value}`` and ``{detail}`` to fill in. What was not measured counts as `SOUND`, so
    that an image neither gains nor loses by a model that does not report where its text is. An `optional` criterion is
    left out instead, because it is measured for all images or for none.
    """

    group: CriterionGroup
    weight: float
    points: tuple[tuple[float, float], ...]
    praise: str
    blame: str
    optional: bool = False

    def merit(self, value: float) -> float:
        """The merit of `value`, 0 to 1."""
        (first, at_first), (last, at_last) = self.points[0], self.points[-1]
        if value <= first:
            return at_first
        if value >= last:
            return at_last
        (left, low), (right, high) = next(pair for pair in pairwise(self.points) if value <= pair[1][0])
        return low + (high - low) * (value - left) / (right - left)


@dataclass(frozen=True, slots=True)
class ScoreGate:
    """A limit that a promoted candidate must keep: `minimum` to `maximum`; `reason` says what is needed."""

    reason: str
    minimum: float = float("-inf")
    maximum: float = float("inf")

    def fails(self, value: float) -> bool:
        """Whether `value` is out of bounds."""
        return not self.minimum <= value <= self.maximum


CRITERIA: Final[Mapping[str, Criterion]] = {
    "text.contrast": Criterion(
        "legibility", 0.17, ((1.0, 0.0), (3.0, 0.2), (4.5, SOUND), (7.0, 1.0)),
        "all text reads well: {value:.1f}:1 or more", "the weakest text has {value:.1f}:1, 4.5:1 needed",
    ),
    "text.height.headline": Criterion(
        "legibility", 0.05, ((0.015, 0.0), (0.035, SOUND), (0.06, 1.0)),
        "a headline {value:.1%} of the height tall", "the headline is small: {value:.1%} of the height",
    ),
    "text.height": Criterion(
        "legibility", 0.02, ((0.003, 0.0), (0.0065, SOUND), (0.012, 1.0)),
        "even the small print is {value:.1%} of the height tall", "the smallest text is {value:.1%} of the height tall",
    ),
    "text.clutter": Criterion(
        "legibility", 0.05, ((2.0, 1.0), (7.0, SOUND), (20.0, 0.0)),
        "the background of the text is quiet", "the background of the {detail} is restless: {value:.0f} levels a pixel",
    ),
    "wording.found": Criterion(
        "wording", 0.03, ((0.5, 0.0), (0.99, SOUND), (1.0, 1.0)),
        "every line of the copy is there", "missing from the image: {detail}",
    ),
    "wording.wrong_letters": Criterion(
        "wording", 0.03, ((0.0, 1.0), (0.5, SOUND), (6.0, 0.0)),
        "the copy is spelt right", "misspelt: {detail} ({value:.0f} wrong letters)",
    ),
    "brand_colour.coverage": Criterion(
        "brand", 0.12, ((0.0, 0.0), (0.02, SOUND), (0.25, 1.0)),
        "brand colours on {value:.0%} of the image", "brand colours on {value:.0%} of the image only",
    ),
    "brand_colour.distance": Criterion(
        "brand", 0.07, ((4.0, 1.0), (25.0, SOUND), (50.0, 0.0)),
        "colours stay near the brand's (ΔE {value:.0f})", "colours stray from the brand's: ΔE {value:.0f} on average",
    ),
    "brand_colour.primary_distance": Criterion(
        "brand", 0.02, ((5.0, 1.0), (23.0, SOUND), (50.0, 0.0)),
        "the brand's first colour is there", "the brand's first colour is missing: ΔE {value:.0f} to the nearest",
    ),
    "logo.match": Criterion(
        "brand", 0.04, ((0.4, 0.0), (0.8, SOUND), (0.95, 1.0)),
        "the logo is the brand's own", "the logo is not quite the brand's own: likeness {value:.2f}",
    ),
    "logo.crowding": Criterion(
        "brand", 0.03, ((0.02, 1.0), (0.08, SOUND), (0.5, 0.0)),
        "the logo has clear space", "something crowds the logo: {value:.0%} of a side of it",
    ),
    "technical.edge_blur": Criterion(
        "craft", 0.08, ((0.8, 1.0), (1.3, SOUND), (2.5, 0.0)),
        "edges are crisp", "edges are soft: {value:.1f} px of blur at 512 px",
    ),
    "technical.noise": Criterion(
        "craft", 0.04, ((2.0, 1.0), (5.5, SOUND), (18.0, 0.0)),
        "surfaces are clean", "surfaces are noisy: {value:.0f} of 255 levels",
    ),
    "technical.contrast": Criterion(
        "craft", 0.05, ((0.03, 0.0), (0.12, SOUND), (0.22, 1.0)),
        "light and dark differ clearly", "the image is flat: contrast {value:.2f}",
    ),
    "technical.exposure": Criterion(
        "craft", 0.03, ((0.03, 0.0), (0.10, SOUND), (0.2, 1.0), (0.85, 1.0), (0.92, SOUND), (0.99, 0.0)),
        "the exposure is even", "the exposure is off: mean brightness {value:.0%}",
    ),
    "technical.clipped_shadows": Criterion(
        "craft", 0.02, ((0.005, 1.0), (0.02, SOUND), (0.4, 0.0)),
        "shadows keep their drawing", "blacked out on {value:.0%} of the image",
    ),
    "technical.clipped_highlights": Criterion(
        "craft", 0.02, ((0.005, 1.0), (0.03, SOUND), (0.4, 0.0)),
        "highlights keep their drawing", "washed out on {value:.0%} of the image",
    ),
    "technical.colourfulness": Criterion(
        "craft", 0.04, ((0.0, 0.0), (25.0, SOUND), (60.0, 1.0)),
        "the colours are lively", "the colours are dull: {value:.0f}, 25 and more are lively",
    ),
    "technical.banding": Criterion(
        "craft", 0.02, ((0.05, 1.0), (0.16, SOUND), (0.6, 0.0)),
        "gradients are smooth", "gradients break into bands on {value:.0%} of the image",
    ),
    "technical.blockiness": Criterion(
        "craft", 0.02, ((0.2, 1.0), (0.6, SOUND), (3.0, 0.0)),
        "no blocks of a codec show", "compressed too hard: blocks are visible by {value:.1f} levels",
    ),
    "composition.imbalance": Criterion(
        "composition", 0.02, ((0.15, 1.0), (0.35, SOUND), (0.6, 0.0)),
        "the image is in balance", "attention sits off the middle, {value:.0%} of the way to a corner",
    ),
    "novelty.published": Criterion(
        "novelty", 0.03, ((0.1, 0.0), (0.3, SOUND), (0.5, 1.0)),
        "unlike what was published before", "close to what was published before: distance {value:.2f}", optional=True,
    ),
    "alignment.prompt": Criterion(
        "alignment", 0.05, ((0.15, 0.0), (0.22, SOUND), (0.30, 1.0)),
        "shows what was asked for: {detail}", "hardly shows what was asked for ({detail}): likeness {value:.2f}",
        optional=True,
    ),
}  # fmt: skip
"""The weights were set by hand: legibility first, then the brand, then craft. A campaign multiplies a group's weights.

Alignment is measured by a user's own CLIP, whose scale is not known here: the points suit OpenAI's ViT-B/32, by whose
cosine LAION kept captions from 0.28 on as true to their image (Schuhmann et al., 2022)."""

GATES: Final[Mapping[str, ScoreGate]] = {
    "safety.nudity": ScoreGate("nudity is likely: {value:.0%}, 30% at most", maximum=0.3),
    "text.contrast.headline": ScoreGate("headline contrast {value:.1f}:1, 4.5:1 needed", minimum=3.0),
    "text.contrast.line": ScoreGate("line contrast {value:.1f}:1, 4.5:1 needed", minimum=3.0),
    "text.contrast.call_to_action": ScoreGate("call-to-action contrast {value:.1f}:1, 4.5:1 needed", minimum=3.0),
    "text.contrast.legal": ScoreGate("legal text contrast {value:.1f}:1, 4.5:1 needed", minimum=2.0),
    "text.inside_safe_area": ScoreGate("text leaves the safe area: {detail} ({value:.0%} of it inside)", minimum=0.98),
    "logo.match": ScoreGate("the logo is missing or not the brand's: likeness {value:.2f}, 0.6 needed", minimum=0.6),
    "brand_colour.coverage": ScoreGate("no brand colour to be seen: {value:.1%} of the image, 1% needed", minimum=0.01),
    "technical.edge_blur": ScoreGate("nothing is sharp: {value:.1f} px of blur at 512 px, 2.5 at most", maximum=2.5),
    "technical.clipped_shadows": ScoreGate("blacked out on {value:.0%} of the image, 40% at most", maximum=0.4),
    "technical.clipped_highlights": ScoreGate("washed out on {value:.0%} of the image, 40% at most", maximum=0.4),
}
"""Limits that keep a candidate from being refined.

3:1 is WCAG 2.2's minimum for large text; between it and 4.5:1 the score is lower. Legal text needs 2:1 here, because at
draft size its strokes are thinner than a pixel and look paler than they are; the final image needs 3:1
(`routing.scoring.drift`). Missing and misspelt text is no gate, because many models draw none and a handover can set
it. Likeness to what was published is no gate either, because a campaign that has published much would run out of
candidates. The other limits lie between what clean ads and ads with a planted defect measure (`make bench
NAME=defects`)."""
