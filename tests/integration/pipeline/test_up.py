"""`brushfire up` on the data of finished runs: a campaign with a review, the listings, and its end."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schemas.outcomes import BriefOutcome
from schemas.scorecards import Scorecard
from schemas.topics import BRIEF_OUTCOMES, SCORECARDS
from tests.integration.pipeline.conftest import Story
from tests.support.command import assert_nothing_runs_on, called, started
from tests.support.samples import signal_line, write_campaign, write_feed
from tests.support.watching import audit_of, events_on, running_settings, wait_while_running

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]
REVIEWED = {"topics": ["husky rides"], "markets": ["GB"], "languages": ["en"]}


@pytest.fixture(scope="module")
def line(story: Story) -> Iterator[tuple[Story, Path, Any]]:
    """The story's data directory with everything up on it, under another campaign."""
    data, log = story.out / ".brushfire", story.folder / "up.log"
    write_campaign(story.folder / "reviewed", "reviewed", review="required", answers=REVIEWED)
    with started("up", "--campaigns", "reviewed", "--data", data, folder=story.folder, log=log) as process:
        wait_while_running(process, lambda: "brushfire is up" in log.read_text(), log)
        yield story, data, process


def listed(command: tuple[str, ...], data: Path) -> list[dict[str, Any]]:
    done = called(*command, "--data", data, "--json")
    assert done.exit_code == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def cards(data: Path, brief: str) -> list[Scorecard]:
    """The scorecards of `brief`, each once: a message may be delivered again."""
    found = (e for e in events_on(data, SCORECARDS) if isinstance(e, Scorecard) and e.brief_id == brief)
    return list({card.job_id: card for card in found}.values())


def outcome_of(data: Path, brief: str) -> BriefOutcome | None:
    found = [e for e in events_on(data, BRIEF_OUTCOMES) if isinstance(e, BriefOutcome) and e.brief_id == brief]
    return found[0] if found else None


def test_a_brief_waits_for_a_person_and_takes_the_draft_that_was_named(line: tuple[Story, Path, Any]) -> None:
    story, data, process = line
    log = story.folder / "up.log"
    write_feed(story.folder / "later.jsonl", signal_line("husky rides"))
    fed = called("feed", story.folder / "later.jsonl", "--data", data)
    assert (fed.exit_code, "1 signals sent" in fed.stderr) == (0, True)
    wait_while_running(process, lambda: any(o["topic"] == "husky rides" for o in signal_outcomes(data)), log)
    (brief,) = next(o["briefs"] for o in signal_outcomes(data) if o["topic"] == "husky rides")
    wait_while_running(process, lambda: len(cards(data, brief)) == 3, log)
    assert outcome_of(data, brief) is None
    worst = max(cards(data, brief), key=lambda card: card.variant).candidate_id
    said = called("review", brief, "approve", "--candidate", worst, "--data", data)
    assert said.exit_code == 0, said.stderr
    wait_while_running(process, lambda: outcome_of(data, brief) is not None, log)
    outcome = outcome_of(data, brief)
    assert outcome
    assert outcome.name == "delivered", outcome.reason
    (asset,) = [a for a in listed(("assets",), data) if a["brief_id"] == brief]
    assert asset["candidate_id"] == worst
    (manifest,) = listed(("lineage", asset["asset_id"]), data)
    assert manifest["asset"] == asset


def signal_outcomes(data: Path) -> list[dict[str, Any]]:
    return [outcome for outcome in listed(("outcomes",), data) if "topic" in outcome]


def test_the_listings_show_all_runs(line: tuple[Story, Path, Any]) -> None:
    _, data, _ = line
    assert len(listed(("signals",), data)) == 10
    assert len(listed(("outcomes",), data)) == 10 + 4
    assert listed(("dead-letters", "list"), data) == []
    in_force = called("campaigns", "list", "--data", data)
    assert "reviewed" in in_force.stderr
    assert "thrifty" not in in_force.stderr


def test_another_run_on_its_data_is_refused_and_touches_nothing(line: tuple[Story, Path, Any]) -> None:
    story, data, process = line
    second = called("up", "--data", data)
    assert second.exit_code == 1
    assert f"in use by the run with process number {process.pid}" in second.stderr
    feed, campaigns = story.folder / "later.jsonl", story.folder / "reviewed"
    fresh = called("run", "--feed", feed, "--campaigns", campaigns, "--out", story.out, "--fresh")
    assert "in use by the run" in str(fresh.exception)
    assert running_settings(data) is not None
    assert process.poll() is None


def test_all_of_it_holds_together_and_nothing_was_paid_twice(line: tuple[Story, Path, Any]) -> None:
    story, data, _ = line
    known = [o["signal_id"] for o in story.outcomes().values() if "topic" in o]
    found = audit_of(data, known)
    assert found.problems == []
    assert found.paid_twice == []
    assert found.names_of_briefs() == {"delivered": 3, "failed": 1}


def test_it_ends_on_sigterm_without_leaving_anything(line: tuple[Story, Path, Any]) -> None:
    story, data, process = line
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    said = (story.folder / "up.log").read_text()
    assert "stopping: waiting for the jobs in flight" in said
    assert "Traceback" not in said
    assert_nothing_runs_on(data)
    assert not (data / "stack.json").exists()
