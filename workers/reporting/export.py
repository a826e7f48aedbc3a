"""Exports a run as a folder: report, contact sheet, summary, outcomes, and every asset with its manifest."""

from __future__ import annotations

import asyncio
import errno
import os
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from infra.storage.store import ObjectStore
from schemas.assets import Asset
from schemas.errors import BrushfireError
from workers.reporting.contact_sheet import contact_sheet
from workers.reporting.report import render_report
from workers.reporting.run_view import RunView

READERS: Final = 8
"""Objects read from the store concurrently."""

_SUFFIX: Final = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


class ExportFailed(BrushfireError):
    """The folder could not be written; the message says why and what to do."""


async def export_run(
    view: RunView,
    store: ObjectStore,
    out: Path,
    *,
    title: str,
    generated_at: datetime,
    wall_s: float | None = None,
) -> None:
    """Write the run to the folder `out`, each file atomically.

    ``report.html``, ``contact-sheet.png``, ``summary.json``, ``outcomes.jsonl`` (signals, then briefs) and
    ``assets/<asset_id>/`` with an image for each format and ``manifest.json``. An object that the
    store does not have is left out and noted as a problem of the view.

    Raises:
        ExportFailed: The disk is full or the folder cannot be written.
        StoreError: The store does not answer.
    """
    image_keys, manifests = _image_keys(view), {asset.manifest_key for asset in view.assets.values()}
    objects = await _read(store, image_keys | manifests)
    for key in sorted((image_keys | manifests) - objects.keys()):
        view.note_problem(f"the store has no object {key}")
    await asyncio.to_thread(_write_assets, view, out / "assets", objects)
    report, sheet = await asyncio.gather(  # in parallel: Pillow releases the interpreter lock while it computes
        asyncio.to_thread(render_report, view, objects, title=title, generated_at=generated_at),
        asyncio.to_thread(contact_sheet, view, objects),
    )
    files = {
        "report.html": report.encode(),
        "contact-sheet.png": sheet,
        "summary.json": view.summary(wall_s).model_dump_json(indent=2).encode() + b"\n",
        "outcomes.jsonl": _outcomes(view),
    }
    for name, data in files.items():
        await asyncio.to_thread(write_whole, out / name, data)


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path` atomically: a reader finds the old content or the new. Raises `ExportFailed`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ExportFailed(_advice(path, error)) from error


def _advice(path: Path, error: OSError) -> str:
    """What went wrong with `path`, and what to do about it."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"{path}: no space left; free some, or choose another folder with --out"
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"{path}: may not be written; choose another folder with --out"
    if error.errno in {errno.ENOTDIR, errno.EEXIST, errno.EISDIR}:
        return f"{path}: a file and a folder have the same name; choose another folder with --out"
    return f"{path}: {error.strerror or error}"


def _image_keys(view: RunView) -> set[str]:
    """The content keys of every draft and rendition."""
    finals = {part.image.key for asset in view.assets.values() for part in asset.renditions}
    return finals | {draft.generation.image.key for draft in view.drafts.values()}


async def _read(store: ObjectStore, keys: Iterable[str]) -> dict[str, bytes]:
    """The objects of `keys` that the store has, `READERS` at a time."""
    gate = asyncio.Semaphore(READERS)

    async def read(key: str) -> tuple[str, bytes | None]:
        async with gate:
            return key, await store.get(key)

    found = await asyncio.gather(*(read(key) for key in sorted(keys)))
    return {key: data for key, data in found if data is not None}


def _write_assets(view: RunView, folder: Path, objects: dict[str, bytes]) -> None:
    for asset in view.assets.values():
        _write_asset(asset, folder / asset.asset_id, objects)


def _write_asset(asset: Asset, folder: Path, objects: dict[str, bytes]) -> None:
    """One asset's images and manifest; ids and format names are safe file names by their schema."""
    for part in asset.renditions:
        if part.image.key in objects:
            name = f"{part.form_name}.{_SUFFIX[part.image.media_type]}"
            write_whole(folder / name, objects[part.image.key])
    if asset.manifest_key in objects:
        write_whole(folder / "manifest.json", objects[asset.manifest_key])


def _outcomes(view: RunView) -> bytes:
    outcomes = [*view.signal_outcomes.values(), *view.brief_outcomes.values()]
    return b"".join(outcome.model_dump_json().encode() + b"\n" for outcome in outcomes)
