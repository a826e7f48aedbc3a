"""The exported folder is complete, has only whole files, and reports clearly what cannot be written."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

from infra.storage.memory_store import MemoryStore
from tests.support import factories as make
from tests.support.scenario import whole_run
from workers.reporting.export import ExportFailed, export_run, write_whole
from workers.reporting.run_view import RunView


async def filled(story, view):
    store = MemoryStore()
    for key, data in story.images.items():
        await store.put(key, data, "image/jpeg")
    for asset in view.assets.values():
        await store.put(asset.manifest_key, b'{"asset": "' + asset.asset_id.encode() + b'"}')
    return store


@pytest.fixture
def scenario():
    story, view = whole_run(drafts=2), RunView()
    view.apply_all(story.events)
    return story, view


async def test_the_whole_run_is_in_the_folder(scenario, tmp_path):
    story, view = scenario
    out = tmp_path / "out"
    await export_run(view, await filled(story, view), out, title="A run", generated_at=make.NOW, wall_s=3.5)
    assert sorted(path.name for path in out.iterdir()) == [
        "assets", "contact-sheet.png", "outcomes.jsonl", "report.html", "summary.json",
    ]  # fmt: skip
    assert json.loads((out / "summary.json").read_text())["wall_s"] == 3.5
    assert len((out / "outcomes.jsonl").read_text().splitlines()) == 12 + 4
    for asset in view.assets.values():
        files = {path.name: path.read_bytes() for path in (out / "assets" / asset.asset_id).iterdir()}
        assert set(files) == {"manifest.json", "square.jpg", "portrait.jpg", "story.jpg", "landscape.jpg"}
        for part in asset.renditions:
            assert files[f"{part.form_name}.jpg"] == story.images[part.image.key]
    assert not list(tmp_path.rglob(".*"))


async def test_a_lost_object_is_a_problem_and_the_rest_is_exported(scenario, tmp_path):
    story, view = scenario
    store = await filled(story, view)
    lost = view.assets.values()[0]
    await store.delete(lost.manifest_key)
    await export_run(view, store, tmp_path, title="A run", generated_at=make.NOW)
    assert any(
        lost.manifest_key in problem for problem in json.loads((tmp_path / "summary.json").read_text())["problems"]
    )
    assert (tmp_path / "assets" / lost.asset_id / "square.jpg").exists()


async def test_a_file_in_place_of_the_folder_is_reported(scenario, tmp_path):
    story, view = scenario
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(ExportFailed, match="choose another folder"):
        await export_run(view, await filled(story, view), tmp_path / "out", title="A run", generated_at=make.NOW)


@pytest.mark.parametrize(("number", "words"), [(errno.ENOSPC, "no space left"), (errno.EROFS, "may not be written")])
def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, number, words):
    target = tmp_path / "summary.json"
    write_whole(target, b"before")

    def fail(*_):
        raise OSError(number, "planted")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(ExportFailed, match=words):
        write_whole(target, b"after")
    assert [path.name for path in tmp_path.iterdir()] == ["summary.json"]
    assert target.read_bytes() == b"before"
