"""What `brushfire campaigns check` reports about models, and `doctor` about a missing extra."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from infra.providers.registry import Registry
from schemas.campaigns import TierPlan
from schemas.generations import ModelCard
from tests.support.factories import NOW, make_campaign
from tests.support.samples import SMALL_FORMATS, write_campaign
from tests.unit.workers.cli.conftest import Call
from workers.cli.campaign_notes import retirements

STORY = {"name": "story", "size": {"width": 1080, "height": 1920}}


def _plan(model: str, **changes: Any) -> dict[str, Any]:
    return {"drafts": 3, "promote": 1, "refine_model": model, "draft_long_side": 320, **changes}


@pytest.mark.parametrize("drafts_in", [None, "portrait"])
def test_an_upscaler_cannot_make_formats_of_another_shape(call: Call, tmp_path: Path, drafts_in: str | None) -> None:
    write_campaign(tmp_path / "campaigns", plan=_plan("real-esrgan-x2", draft_format=drafts_in))
    said = call("campaigns", "check", "campaigns")
    assert said.code == 1
    other = "square" if drafts_in else "portrait"
    message = " ".join(said.err.split())
    assert f"real-esrgan-x2 only does upscale, so it cannot make {other}: drafts are drawn in" in message
    assert "write a refine_model that draws again, such as composer-refine" in message


def test_formats_of_one_shape_pass(call: Call, tmp_path: Path) -> None:
    alike = [SMALL_FORMATS[0], {"name": "larger", "size": {"width": 900, "height": 900}}]
    write_campaign(tmp_path / "campaigns", formats=alike, plan=_plan("real-esrgan-x2"))
    said = call("campaigns", "check", "campaigns")
    assert said.code == 0, said.err


def test_a_model_that_draws_again_may_have_any_formats(call: Call, tmp_path: Path) -> None:
    write_campaign(tmp_path / "campaigns", plan=_plan("composer-refine"))
    assert call("campaigns", "check", "campaigns").code == 0


def test_drafts_that_are_too_small_to_enlarge(call: Call, tmp_path: Path) -> None:
    write_campaign(tmp_path / "campaigns", formats=[STORY], plan=_plan("real-esrgan-x2"))
    said = call("campaigns", "check", "campaigns")
    assert said.code == 1
    assert "story: 180x320 to 1080x1920 is 6.0 times as large" in " ".join(said.err.split())
    assert "use real-esrgan-x4, or write plan.draft_long_side: 640 or more" in " ".join(said.err.split())


def test_the_extra_that_is_missing_is_named(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.providers.real_esrgan.models.is_installed", lambda: False)
    write_campaign(tmp_path / "campaigns", plan=_plan("real-esrgan-x4"))
    said = call("campaigns", "check", "campaigns")
    assert said.code == 1
    assert 'run pip install "brushfire[neural]"' in " ".join(said.err.split())


def test_doctor_names_the_extra_with_its_brackets(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.cli.doctor.is_installed", lambda: False)
    said = call("doctor")
    assert said.code == 0
    assert 'not installed, optional: pip install "brushfire[neural]"' in " ".join(said.err.split())


@pytest.mark.parametrize(
    ("setting", "name", "message"),
    [
        ("draft_fallbacks", "no-such-model", "plan.draft_fallbacks: there is no model 'no-such-model'"),
        ("draft_fallbacks", "composer-refine", "is of the flagship tier and cannot replace composer-draft"),
        ("refine_fallbacks", "composer-draft", "is of the fast tier and cannot replace composer-refine"),
    ],
)
def test_a_fallback_that_would_never_take_over(
    call: Call, tmp_path: Path, setting: str, name: str, message: str
) -> None:
    write_campaign(tmp_path / "campaigns", plan=_plan("composer-refine", **{setting: [name]}))
    said = call("campaigns", "check", "campaigns")
    assert said.code == 1
    assert message in " ".join(said.err.split())


def test_a_fallback_that_does_one_of_the_operations_passes(call: Call, tmp_path: Path) -> None:
    write_campaign(tmp_path / "campaigns", plan=_plan("composer-refine", refine_fallbacks=["real-esrgan-x2"]))
    said = call("campaigns", "check", "campaigns")
    assert said.code == 0, said.err


def test_a_retiring_model_is_a_note_and_no_error() -> None:
    card = ModelCard(
        name="old", version="1", provider="test", tier="fast", operations=("text-to-image",), seed="none",
        price_usd=0.01, seconds=1.0, source="test", as_of="2026-11", retires_at=NOW + timedelta(days=20),
    )  # fmt: skip
    campaign = make_campaign(plan=TierPlan(drafts=4, draft_fallbacks=("old", "unknown")))
    registry = Registry([SimpleNamespace(models=lambda: (card,))])  # type: ignore[list-item]
    assert [line.partition(":")[0] for line in retirements(campaign, registry, NOW)] == [
        f"old retires on {card.retires_at:%Y-%m-%d}, in 20 days"
    ]
    assert retirements(campaign, registry, NOW - timedelta(days=300)) == []


@pytest.mark.parametrize("there", [(), ("rus", "eng")], ids=["no reader", "a reader"])
def test_copy_without_a_reader_is_a_note_and_no_error(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: tuple[str, ...]
) -> None:
    monkeypatch.setattr("workers.cli.campaign_notes.installed", lambda: frozenset(there))
    lines = {"headline": "{topic} зовёт", "line": "Поезда всю зиму.", "call_to_action": "Выбрать"}
    write_campaign(tmp_path / "campaigns", copy_lines={"en": {**lines}, "ru": lines})
    said = call("campaigns", "check", "campaigns")
    assert said.code == 0
    assert ("no installed reader can check the spelling of ru in an image" in said.err) == (not there)
