"""`brushfire spend`: what it refuses; what it shows is tested on a real store."""

from __future__ import annotations

import pytest

from tests.unit.workers.cli.conftest import Call


def test_a_day_and_a_span_exclude_each_other(call: Call) -> None:
    said = call("spend", "--day", "2026-11-22", "--since", "2026-11-01")
    assert said.code == 2
    assert "--day and --since exclude each other" in said.err


def test_a_span_begins_before_it_ends(call: Call) -> None:
    for option in ("--since", "--day"):
        said = call("spend", option, "2999-01-01")
        assert said.code == 2
        assert f"{option} 2999-01-01 is after today" in said.err


@pytest.mark.parametrize("arguments", [("--by", "colour"), ("--day", "yesterday")])
def test_invalid_groupings_and_days_are_refused(call: Call, arguments: tuple[str, str]) -> None:
    assert call("spend", *arguments).code != 0


def test_without_a_stack_it_says_how_to_have_one(call: Call) -> None:
    said = call("spend")
    assert said.code != 0
    assert "no stack is running" in said.err


def test_help_has_examples(call: Call) -> None:
    assert "brushfire spend --since 2026-11-01 --by model" in call("spend", "--help").out
