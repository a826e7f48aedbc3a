"""`brushfire compose`: images of a campaign without a server."""

from __future__ import annotations

import asyncio
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from infra.campaigns.reading import load_campaign
from tests.unit.workers.cli.conftest import Call
from workers.cli.compose import ComposeOptions, _watched
from workers.cli.compose_brief import sample_brief

CAMPAIGNS = Path(__file__).parents[4] / "examples" / "campaigns"
KESTRUN = CAMPAIGNS / "kestrun.yaml"


def _size(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


def test_a_campaign_and_a_topic_give_an_image(call: Call, tmp_path: Path) -> None:
    said = call("compose", KESTRUN, "--topic", "city marathon", "--format", "square")
    assert (said.code, said.err.strip()) == (0, "compose.jpg")
    assert _size(tmp_path / "compose.jpg") == (512, 512)


def test_the_same_seed_gives_the_same_bytes(call: Call, tmp_path: Path) -> None:
    for name in ("one.jpg", "two.jpg"):
        assert call("compose", KESTRUN, "--seed", 5, "--out", name).code == 0
    assert (tmp_path / "one.jpg").read_bytes() == (tmp_path / "two.jpg").read_bytes()


def test_each_of_several_images_has_its_own_name(call: Call, tmp_path: Path) -> None:
    assert call("compose", KESTRUN, "--count", 2, "--seed", 3, "--out", "new/ad.jpg", "--language", "ja").code == 0
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["ad-3.jpg", "ad-4.jpg"]


def test_a_final_has_the_size_of_its_format(call: Call, tmp_path: Path) -> None:
    assert call("compose", KESTRUN, "--final", "--format", "landscape").code == 0
    assert _size(tmp_path / "compose.jpg") == (1200, 628)


def test_a_sheet_holds_all_images(call: Call, tmp_path: Path) -> None:
    assert call("compose", KESTRUN, "--sheet", "--count", 4, "--format", "square").code == 0
    wide, high = _size(tmp_path / "compose.jpg")
    assert min(wide, high) >= 400
    assert wide * high > 4 * 400 * 400


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--format", "poster"), "it has square, portrait"),
        (("--language", "fi"), "no copy_lines in fi"),
        (("--layout", "foo"), "there are full_bleed, split_panel"),
        (("--mood", "gloomy"), "there are own, light, dark"),
    ],
)
def test_what_the_campaign_lacks_is_reported(call: Call, arguments: tuple[str, ...], reason: str) -> None:
    said = call("compose", KESTRUN, *arguments)
    assert said.code == 1
    assert reason in said.err


def test_the_axes_of_a_seed_are_printed(call: Call) -> None:
    said = call("compose", KESTRUN, "--seed", 17, "--layout", "quote", "--mood", "dark", "--axes", "--format", "square")
    printed = json.loads(said.out)
    assert (printed["seed"], printed["layout"], printed["mood"]) == (17, "quote", "dark")


def test_more_like_a_seed_shares_its_layout(call: Call) -> None:
    said = call("compose", KESTRUN, "--seed", 17, "--like", "--count", 3, "--axes", "--format", "square")
    printed = [json.loads(line) for line in said.out.splitlines()]
    assert len({(scene["layout"], scene["ground"], scene["scheme"]) for scene in printed}) == 1
    assert len({scene["detail"] for scene in printed}) == 3


def test_a_brief_in_a_file_is_drawn(call: Call, tmp_path: Path) -> None:
    shutil.copytree(CAMPAIGNS / "kestrun", tmp_path / "kestrun")
    campaign, _ = load_campaign(KESTRUN)
    assert campaign is not None
    brief = sample_brief(campaign, "city marathon", "pt", datetime(2026, 11, 1, tzinfo=UTC))
    (tmp_path / "brief.json").write_text(brief.model_dump_json(), "utf-8")
    assert call("compose", tmp_path / "brief.json", "--out", "ad.jpg").code == 0
    assert max(_size(tmp_path / "ad.jpg")) == campaign.plan.draft_long_side


def test_an_invalid_brief_is_reported(call: Call, tmp_path: Path) -> None:
    (tmp_path / "brief.json").write_text("{}")
    said = call("compose", tmp_path / "brief.json")
    assert said.code == 1
    assert "is not a brief: brief_id" in said.err
    assert "No such file" in call("compose", tmp_path / "none.json").err


def test_a_broken_campaign_is_reported_with_its_line(call: Call, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("campaign_id: x\nbrand: 3\n")
    said = call("compose", tmp_path / "broken.yaml")
    assert said.code == 1
    assert "broken.yaml" in said.err


async def test_a_change_is_drawn_again(tmp_path: Path) -> None:
    folder = tmp_path / "campaigns"
    shutil.copytree(CAMPAIGNS, folder)
    out = tmp_path / "ad.jpg"
    options = ComposeOptions(folder / "kestrun.yaml", "x", None, "square", 1, 1, out, final=False, sheet=False)
    watch = asyncio.create_task(_watched(options))
    try:
        first = await _other_than(out, b"")
        path = folder / "kestrun.yaml"
        path.write_text(path.read_text("utf-8").replace("headline: Archivo", "headline: Fraunces"))
        assert await _other_than(out, first) != first
    finally:
        watch.cancel()


async def _other_than(path: Path, before: bytes) -> bytes:
    async with asyncio.timeout(20):
        while (now := _read(path)) in {before, b""}:  # noqa: ASYNC110 - a file has no events to wait for
            await asyncio.sleep(0.05)
    return now


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""
