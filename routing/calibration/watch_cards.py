"""From scorecards to what is watched: one value a brief and measurement, in the order of time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Final

from routing.calibration.equating import SCORE
from routing.calibration.watch import Alarm, Sample
from routing.calibration.words import noun
from routing.scoring.score import overall
from schemas.calibration import ModelVersion
from schemas.scorecards import Scorecard

WATCHED: Final = (
    "text.contrast", "brand_colour.distance", "technical.exposure", "technical.edge_blur", "technical.colourfulness",
)  # fmt: skip
"""Beside the score: one number of each thing that a new version is apt to change. Each one more delays all others."""


def samples_of(cards: Iterable[Scorecard]) -> tuple[Sample, ...]:
    """The samples of drafts by one version of a model: the median of each brief, for images of one brief are alike.

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
        f"{subject} draws otherwise than it did, under the same version: {noun(alarm.measurement)} {way}, beginning "
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
