"""`brushfire signals | outcomes | assets | lineage`: the results on a stack, or in the folder of a finished run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic import TypeAdapter, ValidationError

from infra.storage import records
from schemas.assets import Asset, Manifest
from schemas.base import Event
from schemas.outcomes import BriefOutcome, SignalOutcome
from schemas.signals import Signal
from schemas.topics import ASSETS, BRIEF_OUTCOMES, SIGNAL_OUTCOMES, SIGNALS
from workers.cli.shared import (
    ConfigOption,
    DataOption,
    JsonOption,
    console,
    events_of,
    fail,
    load_settings,
    print_json,
    run_async,
    with_store,
)
from workers.reporting.lineage_tree import lineage_tree
from workers.reporting.tables import assets_table, outcomes_table

_OUTCOME: Final = TypeAdapter[SignalOutcome | BriefOutcome](SignalOutcome | BriefOutcome)

RunFolderOption = Annotated[
    Path | None, typer.Option("--out", help="Folder of a finished run, instead of a running stack.")
]


def signals(data: DataOption = None, as_json: JsonOption = False, config: ConfigOption = None) -> None:
    """List the signals that came in.

    Example: brushfire signals --json
    """
    events = run_async(events_of(load_settings(config, data=data), [SIGNALS]))
    found = list({event.signal_id: event for event in events if isinstance(event, Signal)}.values())
    if as_json:
        print_json(found)
        return
    for signal in found:
        console.print(
            f"{signal.signal_id}  {signal.market}  {signal.volume:>7}  {signal.topic}", markup=False, highlight=False
        )


def outcomes(
    out: RunFolderOption = None, data: DataOption = None, as_json: JsonOption = False, config: ConfigOption = None
) -> None:
    """List the outcome of every signal and brief, with its reason.

    Example: brushfire outcomes --out out
    """
    found: list[SignalOutcome | BriefOutcome]
    if out is not None:
        found = [_outcome(line, out) for line in _read(out / "outcomes.jsonl").splitlines() if line]
    else:
        events = run_async(events_of(load_settings(config, data=data), [SIGNAL_OUTCOMES, BRIEF_OUTCOMES]))
        by_id: dict[str, SignalOutcome | BriefOutcome] = {}
        for event in events:
            if isinstance(event, SignalOutcome | BriefOutcome):
                by_id.setdefault(event.signal_id if isinstance(event, SignalOutcome) else event.brief_id, event)
        found = list(by_id.values())
    _show(found, as_json, lambda: console.print(outcomes_table(found)))


def assets(
    out: RunFolderOption = None, data: DataOption = None, as_json: JsonOption = False, config: ConfigOption = None
) -> None:
    """List the finished assets.

    Example: brushfire assets --out out --json
    """
    if out is not None:
        found = [_manifest(path.read_bytes(), str(path)).asset for path in sorted(out.glob("assets/*/manifest.json"))]
        if not found:
            fail(f"{out}: has no assets; name the folder that `brushfire run --out` wrote")
    else:
        events = run_async(events_of(load_settings(config, data=data), [ASSETS]))
        found = list({event.asset_id: event for event in events if isinstance(event, Asset)}.values())
    _show(found, as_json, lambda: console.print(assets_table(found)))


def lineage(
    asset: Annotated[str, typer.Argument(help="An asset's id, as `brushfire assets` lists it.")],
    out: RunFolderOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Show the chain from an asset back to its signal: models, prompts, seeds, scores, decisions, prices.

    Example: brushfire lineage ast-0123456789abcdef0123 --out out
    """
    if out is not None:
        manifest = _manifest(_read(out / "assets" / Path(asset).name / "manifest.json").encode(), asset)
    else:
        key = records.manifest_key(asset)
        settings = load_settings(config, data=data)
        found = run_async(with_store(settings, lambda store: records.read(store, key, Manifest)))
        if found is None:
            fail(f"there is no asset {asset!r}: `brushfire assets` lists them")
        manifest = found
    if as_json:
        print_json([manifest])
    else:
        console.print(lineage_tree(manifest))


def _show(events: list[SignalOutcome | BriefOutcome] | list[Asset], as_json: bool, draw: object) -> None:
    if as_json:
        print_json(list[Event](events))
    elif callable(draw):
        draw()


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        fail(f"{path}: {error.strerror}; name the folder that `brushfire run --out` wrote, and an id of it")


def _manifest(data: bytes, name: str) -> Manifest:
    try:
        return Manifest.model_validate_json(data)
    except ValidationError as error:
        fail(f"{name}: is not a manifest: {error.errors()[0]['msg']}")


def _outcome(line: str, out: Path) -> SignalOutcome | BriefOutcome:
    try:
        return _OUTCOME.validate_json(line)
    except ValidationError:
        fail(f"{out / 'outcomes.jsonl'}: a line is not an outcome; run again to write the file again")
