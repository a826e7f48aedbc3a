"""Headlines in every language with a lexicon: each keeps its verdict."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.lexicons import load_lexicons
from infra.lexicons.language import signal_languages
from routing.safety.screening import SignalScreen
from schemas.signals import Headline, Signal

NOW = datetime(2026, 5, 1, tzinfo=UTC)
LINES = (Path(__file__).parents[3] / "data" / "headlines.jsonl").read_text("utf-8").splitlines()[1:]
ROWS = [json.loads(line) for line in LINES]


@pytest.fixture(scope="module")
def screen():
    return SignalScreen(load_lexicons())


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['market']}-{number}" for number, row in enumerate(ROWS)])
def test_a_headline_gets_its_verdict(screen, row):
    given = Signal(
        signal_id="s-1",
        source="test",
        topic="now",
        market=row["market"],
        observed_at=NOW,
        expires_at=NOW + timedelta(hours=1),
        headlines=(Headline(text=row["text"]),),
    )
    found = screen.verdict(given, signal_languages(given))
    assert found.decision == {"block": "blocked", "pass": "clear"}[row["label"]], found
