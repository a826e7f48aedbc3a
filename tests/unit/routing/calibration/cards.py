"""Scorecards made of numbers: what a version measured, without images."""

from __future__ import annotations

import numpy as np

from schemas.calibration import ModelVersion
from schemas.golden import GoldenRun
from schemas.scorecards import Scorecard
from tests.support.factories import NOW, make_brief, make_draft, make_measurement, make_scorecard, make_signal

SCALES = {
    "text.contrast": (1.0, 21.0, "higher"),
    "text.contrast.headline": (1.0, 21.0, "higher"),
    "brand_colour.coverage": (0.0, 1.0, "higher"),
    "technical.exposure": (0.0, 1.0, "none"),
    "technical.noise": (0.0, 255.0, "lower"),
    "logo.match": (0.0, 1.0, "higher"),
}
USUAL = {
    "text.contrast": (6.0, 1.0),
    "text.contrast.headline": (8.0, 1.0),
    "brand_colour.coverage": (0.2, 0.05),
    "technical.exposure": (0.5, 0.05),
    "technical.noise": (2.0, 0.5),
    "logo.match": (0.95, 0.01),
}
BRIEFS = [make_brief(make_signal(topic)) for topic in ("lapland", "first snow", "night trains", "ski season")]
DRAFT = make_draft(BRIEFS[0])


def card(values: dict[str, float], brief: int = 0, number: int = 0, **changes) -> Scorecard:
    measured = tuple(
        make_measurement(
            name,
            float(np.clip(value, SCALES[name][0], SCALES[name][1])),
            low=SCALES[name][0],
            high=SCALES[name][1],
            better=SCALES[name][2],
        )
        for name, value in values.items()
    )
    fields = {"job_id": f"drf-{number}", "brief_id": BRIEFS[brief].brief_id, "measurements": measured, **changes}
    return make_scorecard(DRAFT, **fields)


def cards(seed: int, count: int = 20, **shifts: float) -> tuple[Scorecard, ...]:
    """`count` cards of each brief; `shifts` (dots as ``__``) are added to the means."""
    rng = np.random.default_rng(seed)
    moved = {name.replace("__", "."): shift for name, shift in shifts.items()}
    return tuple(
        card(
            {name: rng.normal(mean + moved.get(name, 0.0), spread) for name, (mean, spread) in USUAL.items()},
            brief,
            number,
        )
        for brief in range(len(BRIEFS))
        for number in range(count)
    )


def run(seed: int, version: str = "1", count: int = 20, **shifts: float) -> GoldenRun:
    subject = ModelVersion(model="fast-model", version=version)
    made = cards(seed, count, **shifts)
    return GoldenRun(model=subject.model, version=version, golden="gld-1", cards=made, spent_usd=0.5, made_at=NOW)
