"""A user's own model is tried by the commands that check, and before anything starts."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from infra.settings import InvalidSettings, Settings
from infra.storage.memory_store import MemoryStore
from tests.support.samples import write_campaign
from tests.unit.imaging.measures import tiny_clip
from tests.unit.workers.cli.conftest import Call
from workers import scorer
from workers.cli.pipeline import Pipeline


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model and its tokenizer, named in the environment."""
    own = tiny_clip.settings(tmp_path, name="tiny")
    for key in ("model", "tokenizer", "name"):
        monkeypatch.setenv(f"BRUSHFIRE_ALIGNMENT__{key.upper()}", str(getattr(own, key)))
    return tmp_path


def test_doctor_names_the_model_in_use(call: Call, given: Path) -> None:
    assert "prompt alignment: tiny (sha256 " in call("doctor").err


@pytest.mark.usefixtures("given")
def test_campaigns_pass_the_check_with_a_valid_model(call: Call, tmp_path: Path) -> None:
    write_campaign(tmp_path / "campaigns")
    assert call("campaigns", "check", "campaigns").code == 0


def test_an_unusable_model_is_reported_by_the_check(call: Call, given: Path) -> None:
    (given / "model.onnx").write_bytes(b"no graph")
    write_campaign(given / "campaigns")
    checked, doctor = call("campaigns", "check", "campaigns"), call("doctor")
    assert (checked.code, doctor.code) == (1, 1)
    assert "is no ONNX graph" in checked.err
    assert "is no ONNX graph" in doctor.err


async def test_nothing_starts_with_an_unusable_model(given: Path) -> None:
    (given / "model.onnx").unlink()
    with pytest.raises(InvalidSettings, match="there is no such file"):
        await Pipeline(Settings(data=given / "data")).__aenter__()
    async with AsyncExitStack() as closing:
        context = SimpleNamespace(settings=Settings(), concurrency=1, closing=closing)
        with pytest.raises(InvalidSettings, match="there is no such file"):
            await scorer.set_up(context)


async def test_the_scorer_uses_the_model(given: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scorer, "load_models", lambda: None)
    handlers: list[Any] = []
    async with AsyncExitStack() as closing:
        context = SimpleNamespace(
            settings=Settings(), concurrency=1, closing=closing, store=MemoryStore(),
            subscribe_lanes=lambda _, handler, **__: handlers.append(handler),
        )  # fmt: skip
        await scorer.set_up(context)
    assert {check.name for handler in handlers for check in handler.__self__._checks} == {"tiny"}
