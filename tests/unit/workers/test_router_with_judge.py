"""What the router does with a held signal where a language model is named."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx
import pytest

from infra import clock
from infra.judge.language_model import LanguageModelJudge
from infra.settings import JudgeSettings
from schemas.outcomes import SignalOutcome
from schemas.signals import Headline, Signal
from schemas.topics import SIGNALS
from tests.support.line import Line
from workers.router import Router


def signal(*headlines: str) -> Signal:
    now = clock.now()
    return Signal(
        signal_id="s-1",
        source="test",
        topic="gala",
        market="PL",
        observed_at=now,
        expires_at=now + timedelta(hours=1),
        headlines=tuple(Headline(text=text) for text in headlines),
    )


async def outcome(decision: str, *headlines: str, answers: int = 1) -> SignalOutcome:
    """The outcome of a signal that is delivered twice, where the model decides `decision`."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        ticket = json.loads(json.loads(request.content)["messages"][1]["content"])["ticket"]
        form = {"ticket": ticket, "decision": decision, "confidence": 0.9, "reason": "stars"}
        message = {"role": "assistant", "content": json.dumps(form)}
        return httpx.Response(200, json={"choices": [{"message": message, "finish_reason": "stop"}]})

    line = Line()
    reader = LanguageModelJudge(JudgeSettings(model="small", key="k"), httpx.MockTransport(answer))
    line.router._reader = reader
    assert isinstance(line.router, Router)
    for _ in range(2):
        await line.send(SIGNALS, "s-1", signal(*headlines))
    await line.run()
    await reader.close()
    found = line.all(SignalOutcome)
    await line.close()
    assert len(asked) == answers
    assert len(found) == 1
    return found[0]


async def test_a_cleared_signal_goes_on_to_the_campaigns():
    found = await outcome("clear", "Gwiazdy na gali w Warszawie")
    assert found.name == "ignored"  # no campaign is in force
    assert found.verdict is not None
    assert (found.verdict.decision, found.verdict.judged_by) == ("clear", "small")


async def test_a_kept_signal_stays_held_and_the_model_is_asked_once():
    assert (await outcome("keep", "Gwiazdy na gali w Warszawie")).name == "held"


@pytest.mark.parametrize(("headlines", "name"), [(("Singer found dead at home",), "blocked"), ((), "held")])
async def test_the_model_does_not_see_blocked_or_bare_signals(headlines, name):
    assert (await outcome("clear", *headlines, answers=0)).name == name
