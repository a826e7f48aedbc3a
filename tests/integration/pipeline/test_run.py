"""`brushfire run` from end to end, interrupted on the way: what it prints, writes, pays for and leaves behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from schemas.assets import Manifest
from schemas.identifiers import content_key
from tests.integration.pipeline.conftest import Story
from tests.support.command import called

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]


def summary(completed: Any) -> dict[str, Any]:
    return json.loads(completed.stdout.splitlines()[-1])


def manifests(story: Story) -> list[tuple[Path, Manifest]]:
    found = sorted(story.out.glob("assets/*/manifest.json"))
    return [(path.parent, Manifest.model_validate_json(path.read_bytes())) for path in found]


def test_interrupted_it_stops_everything_and_says_how_to_go_on(story: Story) -> None:
    code, said = story.interrupted
    assert code == 130
    assert "interrupted; run it again to go on" in said
    assert "Traceback" not in said
    assert story.left_by_the_interrupted == []
    assert story.written_by_the_interrupted == [".brushfire"]


def test_run_again_it_completes_and_its_sums_add_up(story: Story) -> None:
    assert story.completed.returncode == 0, story.completed.stderr
    said = summary(story.completed)
    assert sum(said["outcomes"].values()) == said["signals"] == 9
    assert said["outcomes"] == {
        "blocked": 2, "briefed": 3, "duplicate": 1, "expired": 1, "held": 1, "ignored": 1
    }  # fmt: skip
    assert said["brief_outcomes"] == {"delivered": 2, "failed": 1}
    assert (said["briefs"], said["drafts"], said["assets"]) == (3, 6, 2)
    assert 4 <= said["refined"] <= 2 * 3 * 2 * 2, "one a format at least, two a format of each of three drafts at most"
    assert said["rejected_inputs"] == 4
    assert said["dead_letters"] == 0
    assert story.left_by_the_completed == []


def test_each_signal_has_the_outcome_that_it_deserves(story: Story) -> None:
    found = story.outcomes()
    names = {name: outcome["name"] for name, outcome in found.items() if name in story.topics.values()}
    assert names == {
        "answered": "briefed",
        "again": "duplicate",
        "deadly": "blocked",
        "no one's": "ignored",
        "unexplained": "held",
        "late": "expired",
        "unaffordable": "briefed",
        "injected": "blocked",
        "ugly": "briefed",
    }
    assert found["again"]["reason"] == f"the trend was answered as {found['answered']['signal_id']}"
    assert "plane crash" in found["deadly"]["reason"]
    assert "injection" in found["injected"]["reason"]


def test_an_impossible_budget_fails_with_advice_and_costs_nothing(story: Story) -> None:
    outcome = story.outcomes()["thrifty"]
    assert outcome["name"] == "failed"
    assert "raise per_brief_usd to at least $" in outcome["reason"]
    assert (outcome["drafts"], outcome["spent_usd"]) == (0, 0)


def test_bad_campaigns_and_lines_are_named_with_what_to_write_instead(story: Story) -> None:
    said = story.completed.stderr
    assert "misspelt.yaml" in said
    assert "did you mean `formats`" in said
    assert "feed.jsonl, line 10: has no topic" in said
    assert "line 11: unknown field 'tpoic'; did you mean 'topic'?" in said
    assert "line 12: is not JSON" in said
    assert "broken.rss" in said
    assert "\x1b" not in said


def test_report_contact_sheet_and_summary_are_written(story: Story) -> None:
    assert "lapland" in (story.out / "report.html").read_text()
    with Image.open(story.out / "contact-sheet.png") as sheet:
        sheet.load()
    kept = json.loads((story.out / "summary.json").read_text())
    assert kept["assets"] == 2


def test_the_chain_closes_from_bytes_to_signal(story: Story) -> None:
    found = manifests(story)
    assert len(found) == 2
    for folder, manifest in found:
        asset = manifest.asset
        assert folder.name == asset.asset_id
        assert {part.form_name for part in asset.renditions} == {"square", "portrait"}
        for part in asset.renditions:
            data = (folder / f"{part.form_name}.jpg").read_bytes()
            assert content_key(data, part.image.media_type) == part.image.key
        assert manifest.draft.job_id == asset.candidate_id == manifest.promotion.candidate_id
        assert manifest.brief.signal.signal_id == asset.signal_id
        refined = {step.generation.job_id for step in manifest.refinements}
        assert {part.refinement_id for part in asset.renditions} == refined


def test_the_long_headline_and_the_control_characters_went_no_further(story: Story) -> None:
    (ugly,) = [manifest for _, manifest in manifests(story) if "week" in manifest.asset.topic]
    assert ugly.brief.signal.topic == "sauna [31mof the week"
    assert len(ugly.brief.signal.headlines[0].text) <= 500


def test_run_once_more_it_pays_nothing_and_publishes_the_same(story: Story) -> None:
    assert story.repeated.returncode == 0, story.repeated.stderr
    first, second = summary(story.completed), summary(story.repeated)
    changing = {"wall_s"}
    assert {k: v for k, v in second.items() if k not in changing} == {
        k: v for k, v in first.items() if k not in changing
    }


@pytest.mark.parametrize("listing", ["outcomes", "assets"])
def test_the_folder_is_listed_for_people_and_for_programs(story: Story, listing: str) -> None:
    plain = called(listing, "--out", story.out)
    assert plain.exit_code == 0
    lines = called(listing, "--out", story.out, "--json").stdout.splitlines()
    assert len(lines) == {"outcomes": 12, "assets": 2}[listing]
    assert all(json.loads(line)["schema_version"] == 1 for line in lines)


def test_lineage_tells_the_way_of_an_asset(story: Story) -> None:
    _, manifest = manifests(story)[0]
    name = manifest.asset.asset_id
    plain = called("lineage", name, "--out", story.out)
    assert plain.exit_code == 0
    assert all(word in plain.stdout + plain.stderr for word in (name, manifest.asset.candidate_id, "composer-refine"))
    (line,) = called("lineage", name, "--out", story.out, "--json").stdout.splitlines()
    assert Manifest.model_validate_json(line) == manifest
