"""Reads the topics and the store of a stack, and reports which promises of a run do not hold.

- Every signal that was fed has one outcome, every brief that an outcome names has one, however often it is reported.
- An asset has one manifest and a manifest one asset; no brief has more assets than it promotes; what a brief's
  outcome calls delivered was published.
- Every image that an asset names is in the store, and its bytes are those of its key.
- A manifest is consistent (ids, candidate, refinements), and the ledger has closed every job that it names.
- There is no dead letter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

from infra.kafka.tail import read_all
from infra.settings import Settings
from infra.storage import records
from infra.storage.minio_store import MinioStore
from infra.storage.store import ObjectStore
from schemas.assets import Asset, Manifest
from schemas.base import Event
from schemas.briefs import Brief
from schemas.dead_letters import DeadLetter
from schemas.identifiers import content_key
from schemas.lineage import LineageEvent
from schemas.outcomes import BriefOutcome, SignalOutcome
from schemas.refinements import RefineJob
from schemas.topics import (
    ASSETS,
    BRIEF_OUTCOMES,
    BRIEFS,
    DEAD_LETTERS,
    EXPRESS_OF,
    LINEAGE,
    REFINE_JOBS,
    SIGNAL_OUTCOMES,
)

READ = (SIGNAL_OUTCOMES, BRIEFS, BRIEF_OUTCOMES, REFINE_JOBS, EXPRESS_OF[REFINE_JOBS.name], ASSETS, LINEAGE,
        DEAD_LETTERS)  # fmt: skip
MADE = frozenset({"draft-made", "refinement-made"})


@dataclass(slots=True)
class Audit:
    """What was found. `problems` are broken promises; `repeats` counts events that were sent again, which is allowed.

    `taken_over` are the jobs that were in flight at a lost worker and that a second worker took over. At most that many
    images were paid twice, in the window between the model's answer and the ledger's entry.
    """

    problems: list[str] = field(default_factory=list)
    signals: dict[str, SignalOutcome] = field(default_factory=dict)
    briefs: dict[str, BriefOutcome] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    manifests: dict[str, Manifest] = field(default_factory=dict)
    paid: Counter[str] = field(default_factory=Counter)
    taken_over: set[str] = field(default_factory=set)
    repeats: int = 0

    def expect(self, holds: bool, problem: str) -> None:
        """Note `problem` unless the promise holds."""
        if not holds:
            self.problems.append(problem)

    @property
    def paid_twice(self) -> list[str]:
        """Jobs that report two images."""
        return sorted(job for job, times in self.paid.items() if times > 1)

    def names(self) -> Counter[str]:
        """How many signals have which outcome."""
        return Counter(outcome.name for outcome in self.signals.values())

    def names_of_briefs(self) -> Counter[str]:
        """How many briefs have which outcome."""
        return Counter(outcome.name for outcome in self.briefs.values())


async def audit(settings: Settings, expected_signals: Iterable[str] = ()) -> Audit:
    """Audit the running stack of `settings` (resolved)."""
    events = await read_all(settings.kafka, READ)
    found = Audit()
    plans = {event.brief_id: event for event in events if isinstance(event, Brief)}
    _collect(found, events)
    _check_outcomes(found, expected_signals, plans)
    async with MinioStore(settings.store) as store:
        await _check_assets(found, store, plans)
        jobs = {event.job_id: event for event in events if isinstance(event, RefineJob)}
        await _check_ledger(found, store, jobs.values())
    return found


def _collect(found: Audit, events: Iterable[Event]) -> None:
    versions: defaultdict[str, set[str]] = defaultdict(set)
    paid: set[tuple[str, datetime]] = set()
    for event in events:
        match event:
            case SignalOutcome():
                found.signals[event.signal_id] = event
                _note(found, versions, f"the outcome of {event.signal_id}", event)
            case BriefOutcome():
                found.briefs[event.brief_id] = event
                _note(found, versions, f"the outcome of {event.brief_id}", event)
            case Asset():
                found.assets[event.asset_id] = event
                _note(found, versions, f"the asset {event.asset_id}", event)
            case LineageEvent() if event.step in MADE and not event.facts["repeated"]:
                paid.add((event.subject_id, event.at))  # a message that a producer sent again is the same payment
            case DeadLetter():
                found.problems.append(f"a dead letter of {event.worker}: {event.error}: {event.reason}")
    found.paid.update(job for job, _ in paid)
    for name, reported in versions.items():
        found.expect(len(reported) == 1, f"{name} is reported in {len(reported)} different ways")


def _note(found: Audit, versions: defaultdict[str, set[str]], name: str, event: Event) -> None:
    found.repeats += name in versions
    versions[name].add(event.model_dump_json())


def _check_outcomes(found: Audit, expected: Iterable[str], plans: dict[str, Brief]) -> None:
    for signal_id in expected:
        found.expect(signal_id in found.signals, f"the signal {signal_id} has no outcome")
    named = {brief for outcome in found.signals.values() for brief in outcome.briefs}
    for brief_id in sorted(named | plans.keys() | found.briefs.keys()):
        found.expect(brief_id in named, f"no signal's outcome names the brief {brief_id}")
        found.expect(brief_id in plans, f"the brief {brief_id} was never sent")
        found.expect(brief_id in found.briefs, f"the brief {brief_id} has no outcome")
    for outcome in found.briefs.values():
        found.expect(
            bool(outcome.assets) == (outcome.name == "delivered"),
            f"the brief {outcome.brief_id} is {outcome.name} with {len(outcome.assets)} assets",
        )
        for asset_id in outcome.assets:
            found.expect(asset_id in found.assets, f"the delivered asset {asset_id} was never published")


async def _check_assets(found: Audit, store: ObjectStore, plans: dict[str, Brief]) -> None:
    kept = {PurePosixPath(key).stem async for key in store.keys("manifests/")}
    found.expect(kept == found.assets.keys(), f"assets without manifest or the reverse: {kept ^ found.assets.keys()}")
    per_brief = Counter(asset.brief_id for asset in found.assets.values())
    for brief_id, count in per_brief.items():
        most = plans[brief_id].plan.promote if brief_id in plans else 0
        found.expect(count <= most, f"the brief {brief_id} has {count} assets, {most} at most were asked for")
    for asset in found.assets.values():
        manifest = await records.read(store, asset.manifest_key, Manifest)
        if manifest is not None:
            found.manifests[asset.asset_id] = manifest
            _check_manifest(found, asset, manifest)
        for rendition in asset.renditions:
            data = await store.get(rendition.image.key)
            whole = data is not None and content_key(data, rendition.image.media_type) == rendition.image.key
            found.expect(whole, f"{asset.asset_id} {rendition.form_name}: the bytes are not those of the key")


def _check_manifest(found: Audit, asset: Asset, manifest: Manifest) -> None:
    name, refined = asset.asset_id, {step.generation.job_id for step in manifest.refinements}
    found.expect(manifest.asset == asset, f"{name}: the manifest names another asset")
    found.expect(manifest.brief.brief_id == asset.brief_id, f"{name}: the manifest names another brief")
    found.expect(manifest.brief.signal.signal_id == asset.signal_id, f"{name}: the manifest names another signal")
    chosen = {manifest.draft.job_id, manifest.draft_scorecard.job_id, manifest.promotion.candidate_id}
    found.expect(chosen == {asset.candidate_id}, f"{name}: draft, scorecard and promotion disagree: {chosen}")
    made = {rendition.refinement_id for rendition in asset.renditions}
    found.expect(made == refined, f"{name}: renditions and refinements disagree: {made ^ refined}")
    measured = {step.scorecard.job_id for step in manifest.refinements}
    found.expect(measured == refined, f"{name}: refinements and their scorecards disagree: {measured ^ refined}")
    forms = {form.name for form in manifest.brief.formats}
    found.expect({r.form_name for r in asset.renditions} == forms, f"{name}: a format is missing")


async def _check_ledger(found: Audit, store: ObjectStore, jobs: Iterable[RefineJob]) -> None:
    """Every refinement of a published candidate is done in the ledger; jobs of an abandoned candidate may be open."""
    async for key in store.keys("ledger/"):
        _, job_id, entry = key.split("/")
        if entry.startswith("claim-") and entry != "claim-1":
            found.taken_over.add(job_id)
    delivered = {asset.candidate_id for asset in found.assets.values()}
    wanted = [job.job_id for job in jobs if job.candidate_id in delivered] + sorted(delivered)
    for job_id in wanted:
        done = await store.get(f"ledger/{job_id}/done")
        found.expect(done is not None, f"the ledger does not say that {job_id} is done")
