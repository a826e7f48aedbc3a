"""An alarm for a model whose images change though its version does not: a sequential test of ranks.

Each value is ranked among all values before it in its stratum. While nothing changes, a rank is as likely high as low,
whatever the distribution, so bets on it win nothing on average: one unit bet becomes ``1 + e * (2 u - 1)`` for the
relative mid-rank ``u``, with mean 1 for every ``e``. A new gambler begins at each value; the sum of what all of them
own, minus their number, is a martingale (Shiryaev and Roberts). So the mean run to an alarm at `run_length` is at least
`run_length` values while nothing changes. That holds for all measurements together, because their sums are averaged.
Bets on high, low and no change share their money and move between each other occasionally (the "simple jumper" of Vovk,
2021), so a change is followed in either direction.

A CUSUM of scores would need to know the distribution, and a window against a frozen sample gives alarms whose rate
depends on that sample. Ranks need neither.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Final

from routing.calibration.equating import SCORE
from routing.calibration.report_text import noun
from routing.scoring.score import overall
from schemas.calibration import ModelVersion
from schemas.scorecards import Scorecard

RUN_LENGTH: Final = 10_000.0
"""Briefs between false alarms, on average, at least: months of a busy model."""
LOW_EVIDENCE: Final = RUN_LENGTH / 100
"""Evidence that chance produces now and then: a change began about where the evidence was last this low."""
BETS: Final = (-0.95, -0.6, 0.0, 0.6, 0.95)
JUMP: Final = 0.01
"""The share of all money that is spread evenly again after each value (Vovk's usual choice)."""
WARM_UP: Final = 10
"""Values of a stratum that only rank later ones: among fewer a rank says little."""
WATCHED: Final = (
    "text.contrast", "brand_colour.distance", "technical.exposure", "technical.edge_blur", "technical.colourfulness",
)  # fmt: skip
"""Besides the score: one number for each thing that a new version is likely to change. Each further one delays all
others."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What one brief's images by one model measured: values by measurement. Samples of one `stratum` are comparable."""

    stratum: str
    values: Mapping[str, float]
    at: datetime


@dataclass(frozen=True, slots=True)
class Alarm:
    """`measurement` changed, up if `rose`. `evidence` reached the bound, `since` is where the change began."""

    measurement: str
    rose: bool
    evidence: float
    since: datetime
    at: datetime


@dataclass(slots=True)
class Detector:
    """The gamblers of one measurement."""

    owned: list[float] = field(default_factory=lambda: [0.0] * len(BETS))
    earlier: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    began: datetime | None = None

    @property
    def evidence(self) -> float:
        """What all gamblers own."""
        return sum(self.owned)

    @property
    def rose(self) -> bool:
        """Whether most of it is on high values."""
        return sum(money * bet for money, bet in zip(self.owned, BETS, strict=True)) > 0

    def take(self, stratum: str, value: float, at: datetime) -> None:
        """Rank `value` and settle the bets on it."""
        ranked = self.earlier[stratum]
        insort(ranked, value)
        if len(ranked) <= WARM_UP:
            return
        middle = (bisect_left(ranked, value) + bisect_right(ranked, value)) / 2
        tilt = 2 * middle / len(ranked) - 1
        spread = self.evidence / len(BETS)
        new = 1.0 / len(BETS)
        self.owned = [
            ((1 - JUMP) * money + JUMP * spread + new) * (1 + bet * tilt)
            for money, bet in zip(self.owned, BETS, strict=True)
        ]
        if self.began is None or self.evidence <= LOW_EVIDENCE:
            self.began = at


def watch(samples: Iterable[Sample], run_length: float = RUN_LENGTH) -> Alarm | None:
    """The first alarm in `samples` of one version of a model, in the order of time; None if there is none.

    A model is watched from its first image on. After an alarm, or with a new version, watching starts again.
    """
    detectors: defaultdict[str, Detector] = defaultdict(Detector)
    for sample in samples:
        for measurement, value in sample.values.items():
            detectors[measurement].take(sample.stratum, value, sample.at)
        evidence = sum(detector.evidence for detector in detectors.values()) / max(len(detectors), 1)
        if evidence >= run_length:
            loudest = max(detectors, key=lambda name: detectors[name].evidence)
            by = detectors[loudest]
            return Alarm(loudest, by.rose, evidence, by.began or sample.at, sample.at)
    return None


def samples_of(cards: Iterable[Scorecard]) -> tuple[Sample, ...]:
    """The samples of drafts by one version of a model: the median of each brief, since images of one brief are alike.

    Briefs of one campaign and format share a stratum: another campaign's images are no change of the model.
    """
    by_brief: defaultdict[str, list[Scorecard]] = defaultdict(list)
    for card in cards:
        if card.subject == "draft":
            by_brief[card.brief_id].append(card)
    samples = (_sample(drafts) for drafts in by_brief.values())
    return tuple(sorted(samples, key=lambda sample: (sample.at, sample.stratum)))


def alarm_in_words(alarm: Alarm, subject: ModelVersion) -> str:
    """What an alarm says, and what to do."""
    way = "rose" if alarm.rose else "fell"
    return (
        f"{subject} draws differently under the same version: {noun(alarm.measurement)} {way}, beginning "
        f"about {alarm.since:%Y-%m-%d %H:%M}. Run `brushfire calibrate {subject}` to see what changed."
    )


def _sample(drafts: Sequence[Scorecard]) -> Sample:
    values = {SCORE: median(overall(card).value for card in drafts)}
    for name in WATCHED:
        measured = [value for card in drafts if (value := card.value(name)) is not None]
        if measured:
            values[name] = median(measured)
    first = drafts[0]
    return Sample(f"{first.campaign_id}/{first.form_name}", values, max(card.measured_at for card in drafts))
