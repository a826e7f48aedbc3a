"""`brushfire calibrate` and `brushfire alarms`, as far as they need no stack."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.providers.composer_models import VERSION
from tests.unit.workers.cli.conftest import Call

GOLDEN = Path(__file__).parents[4] / "examples" / "golden"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("composer-draft",), "write MODEL@VERSION"),
        (("composer-draft@1", "--dialect", "klingon"), "there is no dialect 'klingon'; there are plain, flux"),
    ],
)
def test_wrong_usage_is_reported(call: Call, arguments: tuple[str, ...], said: str) -> None:
    ended = call("calibrate", *arguments)
    assert ended.code == 2
    assert said in ended.err


def test_a_version_that_is_not_listed_is_reported(call: Call) -> None:
    ended = call("calibrate", "composer-draft@99", "--golden", GOLDEN, "--dry-run")
    assert ended.code == 1
    assert f"there is composer-draft@{VERSION}" in ended.err


def test_a_folder_without_golden_briefs_is_reported(call: Call, tmp_path: Path) -> None:
    ended = call("calibrate", f"composer-draft@{VERSION}", "--golden", tmp_path, "--dry-run")
    assert ended.code == 1
    assert "write a golden brief" in ended.err


def test_a_dry_run_needs_no_stack(call: Call) -> None:
    ended = call("calibrate", f"composer-draft@{VERSION}", "--golden", GOLDEN, "--dry-run")
    assert ended.code == 0
    assert "32 drafts" in ended.err
    assert "first version that ran on this golden set" in ended.err


@pytest.mark.parametrize("command", [("calibrate", "composer-draft@1"), ("alarms",)])
def test_without_a_stack_they_say_how_to_get_one(call: Call, command: tuple[str, ...]) -> None:
    ended = call(*command)
    assert ended.code == 1
    assert "brushfire up" in ended.err
