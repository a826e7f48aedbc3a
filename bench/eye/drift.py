"""The drift bench: eight planted drifts at three strengths on forty ads, beside six changes that are none.

A drift counts as found when the verdict on the refinement is "not passed"; a false alarm is the same verdict on a
harmless change. Each final is measured beside its draft of 512 pixels, as the scorer does it: by all comparisons, and
by the checks that have a limit (the wording is read). The drifted finals have the regions of the draft:
no model reports that it moved a text.

The limits of `routing.scoring.drift_limits` and the strengths of the drifts were set with every second image of the
part ``calibration`` in view; the other half of it (``ONLY=check``) and the part ``judged``, which is what the bench
reports, had no part in them. The faces are a hundred small ones that come with scikit-image.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from rich.table import Table

from bench.eye.defect_images import Part, SampleAd, images
from bench.eye.drift_harmless import HARMLESS
from bench.eye.drifts import DRIFTS, STRENGTHS, Drift
from bench.figures import Figure, console, report, say
from imaging.measures.brand.logo import LogoCheck
from imaging.measures.check import Check
from imaging.measures.content.nudity import NudityCheck
from imaging.measures.registry import measure, measure_drift
from imaging.measures.subject import Subject
from imaging.measures.text.legibility import TextContrastCheck
from imaging.measures.text.wording import WordingCheck
from imaging.pixels import BgrImage
from infra.programs.tesseract import TesseractReaders
from routing.scoring.drift import drift_verdict
from schemas.refinements import DriftVerdict
from tests.support.factories import make_refinement, make_scorecard
from workers.scoring.cards import prepare_process

SEED: Final = 20_261_123
FOUND: Final = ">= 0.95"
FALSE: Final = "<= 0.05"
CHECKS: Final[tuple[Check, ...]] = (TextContrastCheck(), LogoCheck(), NudityCheck(), WordingCheck(TesseractReaders()))
"""Those with measurements that have a limit."""
PARTS: Final[dict[str, tuple[Part, slice]]] = {
    "calibration": ("calibration", slice(0, None, 2)),
    "check": ("calibration", slice(1, None, 2)),
    "judged": ("judged", slice(None)),
}
CARD: Final = make_scorecard(make_refinement())


@dataclass
class Tally:
    """The number of verdicts, how many were "not passed", and by which measurements."""

    name: str
    strength: str = ""
    refused: int = 0
    judged: int = 0
    broken: Counter[str] = field(default_factory=Counter)

    def count(self, verdict: DriftVerdict) -> None:
        """Count a verdict."""
        self.judged += 1
        self.refused += not verdict.passed
        self.broken.update(verdict.broken)

    @property
    def share(self) -> float:
        """The share of verdicts that were "not passed"."""
        return self.refused / max(1, self.judged)


def main(arguments: list[str]) -> None:
    """Measure and report; for a part that was used to set the limits, show its table instead."""
    part = arguments[0] if arguments else "judged"
    if part not in PARTS:
        raise SystemExit(f"there is no part {part}; there are {', '.join(PARTS)}")
    prepare_process()
    drawn, chosen = PARTS[part]
    clean = images(drawn)[chosen]
    say(f"{len(clean)} clean ads ({part})")
    harmless = [_harmless(name, change, clean) for name, change in HARMLESS.items()]
    harmless.append(_portraits(clean))
    planted = [tally for planted in DRIFTS for tally in _planted(planted, clean)]
    console.print(_table([*harmless, *planted]))
    if part == "judged":
        report("drift", _figures(clean, harmless, planted))


def _harmless(
    name: str, change: Callable[[SampleAd, np.random.Generator], BgrImage], clean: Sequence[SampleAd]
) -> Tally:
    say(f"harmless: {name}")
    tally = Tally(name)
    for n, image in enumerate(clean):
        tally.count(_verdict(image, change(image, np.random.default_rng([SEED, n])), name))
    return tally


def _portraits(clean: Sequence[SampleAd]) -> Tally:
    """Ads with a portrait, whose face stayed the same."""
    prepare = next(planted.prepare for planted in DRIFTS if planted.name == "face changed")
    tally = Tally("with a portrait, untouched")
    for n, image in enumerate(clean):
        framed = prepare(image, np.random.default_rng([SEED, n]))
        tally.count(_verdict(framed, framed.final, tally.name))
    return tally


def _planted(planted: Drift, clean: Sequence[SampleAd]) -> list[Tally]:
    say(f"planting: {planted.name}")
    tallies = [Tally(planted.name, strength) for strength in STRENGTHS]
    for n, image in enumerate(clean):
        if not planted.possible(image):
            continue
        prepared = planted.prepare(image, np.random.default_rng([SEED, n]))
        for strength, tally in enumerate(tallies):
            final = planted.plant(prepared, strength, np.random.default_rng([SEED, n, strength]))
            tally.count(_verdict(prepared, final, f"{planted.name}, {STRENGTHS[strength]}", wanted=False))
    return tallies


def _verdict(image: SampleAd, final: BgrImage, what: str, *, wanted: bool = True) -> DriftVerdict:
    """The verdict on `final`; one that is not as `wanted` is printed."""
    now, before = _subjects(image, final)
    card = CARD.model_copy(update={"drift": measure_drift(now, before), "measurements": ()})
    verdict = drift_verdict(card)
    if verdict.passed:  # reading costs most, and changes nothing that is broken
        verdict = drift_verdict(card.model_copy(update={"measurements": measure(now, CHECKS)}))
    if verdict.passed != wanted:
        say(f"  {what}: {image.name}: {'; '.join(verdict.reasons)}")
    return verdict


def _subjects(image: SampleAd, final: BgrImage) -> tuple[Subject, Subject]:
    palette, regions = image.campaign.brand.palette, image.draft_regions
    now = Subject(final, palette, image.form, regions, image.wording, image.logo)
    return now, Subject(image.draft, palette, image.form, regions)


def _figures(clean: Sequence[SampleAd], harmless: Sequence[Tally], planted: Sequence[Tally]) -> list[Figure]:
    figures = [Figure("clean ads judged", len(clean), "images")]
    for tally in planted:
        target = None if tally.strength == "weak" else FOUND
        figures.append(Figure(f"{tally.name}, {tally.strength}: found", tally.share, "share", target))
    figures += [Figure(f"{tally.name}: false alarms", tally.share, "share", FALSE) for tally in harmless]
    alarms = sum(tally.refused for tally in harmless) / sum(tally.judged for tally in harmless)
    return [*figures, Figure("harmless changes, all: false alarms", alarms, "share", FALSE)]


def _table(tallies: Sequence[Tally]) -> Table:
    table = Table("change", "strength", "images", "not passed", "first by")
    for tally in tallies:
        by = ", ".join(f"{name} {count}" for name, count in tally.broken.most_common(4))
        table.add_row(tally.name, tally.strength, str(tally.judged), f"{tally.share:.1%}", by)
    return table


if __name__ == "__main__":
    main(sys.argv[1:])
