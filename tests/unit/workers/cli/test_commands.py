"""Commands that need no stack, and the messages of commands that find none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.samples import signal_line, write_campaign, write_feed
from tests.unit.workers.cli.conftest import Call

COMMANDS = ("run", "up", "feed", "worker", "compose", "signals", "outcomes", "assets", "lineage", "review", "campaigns",
            "models", "dead-letters", "doctor", "spend", "calibrate", "alarms")  # fmt: skip


def test_help_names_every_command(call: Call) -> None:
    said = call("--help")
    assert said.code == 0
    assert all(command in said.out for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(call: Call, command: str) -> None:
    said = call(command, "--help")
    assert said.code == 0
    assert "Usage" in said.out


def test_the_version(call: Call) -> None:
    said = call("--version")
    assert (said.code, said.out.split()[0]) == (0, "brushfire")


@pytest.mark.parametrize(
    "arguments",
    [("signals",), ("outcomes",), ("assets",), ("lineage", "ast-0"), ("review", "brf-0", "approve"),
     ("dead-letters", "list"), ("campaigns", "list"), ("feed", "feed.jsonl"), ("worker", "router")],
)  # fmt: skip
def test_without_a_running_stack_it_says_how_to_start_one(
    call: Call, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    write_feed(tmp_path / "feed.jsonl", signal_line())
    said = call(*arguments)
    assert said.code == 1
    assert "no stack is running on .brushfire: start one with `brushfire up`" in said.err


@pytest.mark.parametrize("arguments", [("outcomes",), ("assets",), ("lineage", "ast-0")])
def test_a_folder_without_a_run_is_refused(call: Call, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "elsewhere").mkdir()
    said = call(*arguments, "--out", "elsewhere")
    assert said.code == 1
    assert "name the folder that `brushfire run --out` wrote" in said.err


def test_an_asset_outside_of_the_folder_is_not_read(call: Call, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    said = call("lineage", "../..", "--out", "out/sub")
    assert said.code == 1


def test_a_broken_list_of_outcomes_is_refused(call: Call, tmp_path: Path) -> None:
    (tmp_path / "outcomes.jsonl").write_text('{"signal_id": "sig')
    said = call("outcomes", "--out", ".")
    assert said.code == 1
    assert "a line is not an outcome" in said.err


def test_valid_campaigns_pass_the_check(call: Call, tmp_path: Path) -> None:
    write_campaign(tmp_path / "campaigns")
    said = call("campaigns", "check", "campaigns")
    assert said.code == 0
    assert "northbound" in said.err


def test_a_budget_that_pays_no_image_is_reported_by_the_check(call: Call, tmp_path: Path) -> None:
    write_campaign(tmp_path / "campaigns", budget={"per_brief_usd": 0.000_000_01, "per_day_usd": 1.0})
    said = call("campaigns", "check", "campaigns")
    assert said.code == 1
    assert "cannot pay one draft and one refinement in 2 formats; write at least" in said.err


def test_an_unknown_model_is_reported_by_the_check(call: Call, tmp_path: Path) -> None:
    write_campaign(tmp_path / "campaigns", plan={"drafts": 3, "promote": 1, "draft_model": "composer-drift"})
    said = call("campaigns", "check", "campaigns")
    assert said.code == 1
    assert "composer-drift" in said.err


def test_models_as_json(call: Call) -> None:
    said = call("models", "list", "--json")
    assert said.code == 0
    names = {json.loads(line)["name"] for line in said.out.splitlines()}
    assert {"composer-draft", "composer-refine"} <= names


def test_doctor_finds_everything_that_a_run_needs(call: Call) -> None:
    said = call("doctor")
    assert said.code == 0, said.err
    assert all(name in said.err for name in ("broker", "object store", "fonts", "disk"))


def test_a_misspelt_option_is_a_usage_error(call: Call) -> None:
    assert call("run", "--fed", "x").code == 2
    assert call("review", "brf-0", "perhaps").code == 2
