"""How well calibrations work: ``make bench NAME=calibration``.

A golden set of twelve briefs (three campaigns, four topics) is drawn with 21 sets of seeds by a simulated draft model:
the composer. Each run is compared with the one before. Version ``b`` is the same model: no measurement may count as
moved. Version ``c`` plants a shift in every image of the run: darker, off the brand's hues, its text weaker. It has
to be detected, and its proposal is then tried on the images of the nineteen runs that it was not made from. Version
``d`` hardly shows its text any more: no proposal may call that repaired. All cards are the scorer's own.

The floor: the same images under the limits as they are.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Final

import cv2

from bench.figures import Figure, report, say
from bench.models.versions import COMPOSER, Shift, runners
from infra.campaigns.reading import load_campaigns, upload_artwork
from infra.providers.composer import ComposerProvider
from infra.storage.memory_store import MemoryStore
from routing.calibration.comparison import acceptance, bar_of, compare_versions
from routing.calibration.proposal import propose
from routing.calibration.watch import RUN_LENGTH, Sample, samples_of, watch
from routing.scoring.score import overall
from schemas.calibration import CalibrationReport
from schemas.golden import GoldenRun, GoldenSet
from schemas.scorecards import Scorecard
from workers.calibrating.golden import golden_item
from workers.scoring.cards import prepare_process

CAMPAIGNS: Final = Path(__file__).parents[2] / "examples" / "campaigns"
TOPICS: Final = ("northern lights", "late summer", "pumpkin season", "city marathon")
DRAFTS: Final = 14
SEEDS: Final = 20
REPAIRLESS: Final = 3
SHIFT: Final = Shift(light=0.8, hue=10.0, text=0.65)
RUINED: Final = Shift(light=0.8, hue=10.0, text=0.2)
NOW: Final = datetime(2026, 11, 1, tzinfo=UTC)
STABLE_BRIEFS: Final = 150
Runs = dict[str, list[GoldenRun]]
Reached = dict[str, list[list[float]]]


@dataclass(frozen=True)
class Trial:
    """One set of seeds: what is said of the same model and of the shifted one, and how the proposal does elsewhere."""

    same: CalibrationReport
    shifted: CalibrationReport
    unseen_before: float
    unseen_after: float
    unseen_calibrated: float


def main() -> None:
    """Measure and report."""
    prepare_process()
    cv2.setNumThreads(1)
    runs = asyncio.run(_runs())
    say("comparing")
    reached = {name: [_reached(run.cards) for run in runs[name]] for name in ("a", "c")}
    trials = [_trial(runs, reached, number) for number in range(1, SEEDS + 1)]
    ruined = [_compared(runs["a"][n], run) for n, run in enumerate(runs["d"])]
    pairs = [_alarm(*pair) for pair in combinations(runs["a"], 2)]
    report("calibration", [*_alarms(trials, pairs, ruined), *_restored(trials, reached), *_watched(runs)])


async def _runs() -> Runs:
    store = MemoryStore()
    campaigns = [await upload_artwork(one.campaign, one.path.parent, store) for one in load_campaigns(CAMPAIGNS).loaded]

    async def blob(key: str) -> bytes:
        data = await store.get(key)
        assert data is not None, key
        return data

    composer = ComposerProvider(blobs=blob)
    try:
        card = next(card for card in composer.models() if card.name == COMPOSER)
        items = [golden_item(campaign, topic, card, drafts=DRAFTS) for campaign in campaigns for topic in TOPICS]
        golden = GoldenSet(items=tuple(items))
        versions = runners(store, composer, {"a": None, "c": SHIFT, "d": RUINED})
        made: Runs = {"a": [], "c": [], "d": []}
        for salt in range(SEEDS + 1):
            say(f"seeds {salt}: {golden.drafts} drafts")
            for name, (subject, runner) in versions.items():
                if name != "d" or salt < REPAIRLESS:
                    made[name].append(await runner.drafts(golden, subject, NOW, salt=salt))
    finally:
        await composer.close()
    return made


def _trial(runs: Runs, reached: Reached, number: int) -> Trial:
    """Run `number` beside the one before it; the proposal on the shifted images of all other runs."""
    before = runs["a"][number - 1]
    same = _compared(before, runs["a"][number].model_copy(update={"version": "b"}))
    shifted = _compared(before, runs["c"][number])
    others = [n for n in range(SEEDS + 1) if n not in {number - 1, number}]
    unseen = [card for n in others for card in runs["c"][n].cards]
    old, new = (_share([score for n in others for score in reached[name][n]], shifted.bar) for name in ("a", "c"))
    return Trial(same, shifted, old, new, acceptance(unseen, shifted.bar, shifted.calibration))


def _reached(cards: Sequence[Scorecard]) -> list[float]:
    """The score of each card under the limits as they are, -1 where a gate fails."""
    scores = [overall(card) for card in cards]
    return [-1.0 if score.gates else score.value for score in scores]


def _share(scores: Sequence[float], bar: float) -> float:
    return sum(score >= bar for score in scores) / len(scores)


def _alarm(before: GoldenRun, after: GoldenRun) -> bool:
    """Whether anything is said to have moved between two runs."""
    return any(comparison.moved for comparison in compare_versions(before.cards, after.cards, bar_of(before.cards)))


def _compared(before: GoldenRun, after: GoldenRun) -> CalibrationReport:
    return propose(before, after, bar_of(before.cards), NOW)


def _alarms(trials: Sequence[Trial], pairs: Sequence[bool], ruined: Sequence[CalibrationReport]) -> list[Figure]:
    same = [trial.same for trial in trials]
    return [
        Figure("images of a golden run", same[0].images, "images"),
        Figure("the same model with other seeds: runs with an alarm", sum(r.verdict != "same" for r in same), "of 20",
               "<= 0"),
        Figure("the same model: pairs of all runs with an alarm", sum(pairs), f"of {len(pairs)}"),
        Figure("the same model: greatest effect of any measurement in any run",
               max(abs(c.delta) for r in same for c in r.comparisons), "delta"),
        Figure("the shifted version: runs in which it is detected",
               sum(trial.shifted.verdict != "same" for trial in trials), "of 20", ">= 20"),
        Figure("measurements that moved, median run", sorted(_moved(trial.shifted) for trial in trials)[SEEDS // 2],
               "measurements"),
        Figure("a version without legible text: runs in which it is called repaired",
               sum(r.verdict != "beyond-repair" for r in ruined), f"of {REPAIRLESS}", "<= 0"),
    ]  # fmt: skip


def _restored(trials: Sequence[Trial], reached: Reached) -> list[Figure]:
    before = [trial.shifted.accepted_before for trial in trials]
    to_golden = [abs(t.unseen_calibrated - b) for t, b in zip(trials, before, strict=True)]
    to_unseen = [t.unseen_calibrated - t.unseen_before for t in trials]
    own = [abs(t.shifted.accepted_calibrated - b) for t, b in zip(trials, before, strict=True)]
    return [
        Figure("accepted of the old version's golden run", _mean(before), "share"),
        Figure("shifted version: images that pass every gate, limits as they are",
               _share([score for scores in reached["c"] for score in scores], 0.0), "share"),
        Figure("accepted of unseen images of the shifted version, limits as they are (the floor)",
               _mean([t.unseen_after for t in trials]), "share"),
        Figure("accepted of unseen images of the shifted version under the proposal, mean of 20",
               _mean([t.unseen_calibrated for t in trials]), "share"),
        Figure("distance to what the old version's golden run had: on unseen images, worst of 20",
               100 * max(to_golden), "points", "<= 5"),
        Figure("the same on the run that the proposal was made from, worst of 20", 100 * max(own), "points", "<= 5"),
        Figure("distance to the old version on unseen images: mean of 20", 100 * abs(_mean(to_unseen)), "points",
               "<= 5"),
        Figure("distance to the old version on unseen images: worst of 20",
               100 * max(abs(gap) for gap in to_unseen), "points"),
    ]  # fmt: skip


def _watched(runs: Runs) -> list[Figure]:
    """The alarm on a live model: twenty orders of the unchanged briefs, and of these followed by shifted ones."""
    steady = [sample for run in runs["a"] for sample in samples_of(run.cards)]
    shifted = [sample for run in runs["c"] for sample in samples_of(run.cards)]
    false, delays = 0, []
    for seed in range(SEEDS):
        rng = random.Random(seed)
        before, after = (rng.sample(samples, len(samples)) for samples in (steady, shifted))
        false += watch(_in_time(before)) is not None
        alarm = watch(_in_time([*before[:STABLE_BRIEFS], *after]))
        delays.append(len(after) if alarm is None else (alarm.at - NOW) / timedelta(minutes=1) - STABLE_BRIEFS + 1)
    return [
        Figure(f"live alarm: unchanged streams of {len(steady)} briefs with an alarm", false, "of 20", "<= 0"),
        Figure("live alarm: briefs after the shift until the alarm, worst of 20", max(delays), "briefs"),
        Figure("live alarm: briefs between false alarms, guaranteed on average", RUN_LENGTH, "briefs"),
    ]


def _in_time(samples: Sequence[Sample]) -> list[Sample]:
    return [replace(sample, at=NOW + timedelta(minutes=minute)) for minute, sample in enumerate(samples)]


def _moved(made: CalibrationReport) -> int:
    return sum(comparison.moved for comparison in made.comparisons)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


if __name__ == "__main__":
    main()
