"""`brushfire models`, against the simulator: what it shows, checks and makes, and what it spends."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from infra.providers.catalogue import open_registry
from infra.providers.checking import check_models
from infra.settings import load
from infra.storage.memory_store import MemoryStore
from tests.integration.providers.bench import drawing, mask
from tests.support.simulator.desk import Desk
from tests.support.simulator.server import serving
from tests.support.simulator.weather import Fixed, Weather
from workers.cli.models import app

KEY = "key-that-no-one-may-see"
SETTINGS = """
[providers.openai]
key = "{key}"
base_url = "{address}"
[[providers.openai.models]]
name = "costly"
tier = "flagship"
price_usd = 0.2
seconds = 1
operations = ["text-to-image", "image-to-image", "masked-edit"]
[[providers.openai.models]]
name = "cheap"
tier = "fast"
price_usd = 0.01
seconds = 1
source = "the price list"
as_of = "2024-01"
retires_at = 2026-12-01T00:00:00Z
[[providers.openai.models]]
name = "by-size"
tier = "fast"
price_usd = 0.03
per = "megapixel"
seconds = 1
"""


@pytest.fixture
def simulator() -> Iterator[tuple[Desk, str]]:
    """A simulator in a thread, for commands have a loop of their own."""
    told: list[tuple[Desk, str]] = []
    ready, loop = threading.Event(), asyncio.new_event_loop()

    async def serve() -> None:
        async with serving(seed=3) as found:
            told.append(found)
            found[0].weather = Weather(latency=Fixed(seconds=0.01), price_usd=0.01)
            ready.set()
            await stop.wait()

    stop = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    yield told[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)
    loop.close()


@pytest.fixture
def call(simulator: tuple[Desk, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "brushfire.toml").write_text(SETTINGS.format(key=KEY, address=simulator[1]))

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, list(words))

    return run


def test_check_asks_the_provider_and_warns(call):
    said = call("check", "cheap", "composer-draft", "--json")
    cheap, composer = [json.loads(line) for line in said.stdout.splitlines()]
    assert said.exit_code == 0
    assert (cheap["problem"], cheap["asked"], cheap["price_usd"]) == ("", True, 0.01)
    assert "2024-01" in cheap["warnings"][-1]
    assert (composer["asked"], composer["problem"]) == (False, "")


def test_check_ends_with_1_where_the_provider_is_unavailable(call, simulator):
    simulator[0].weather = Weather(down="refuses")
    said = call("check", "costly")
    assert said.exit_code == 1
    assert "503" in said.stderr
    assert f"is {simulator[1]} the right base_url" in said.stderr
    assert KEY not in said.output


async def test_a_model_that_retires_is_warned_of_and_then_out(call):
    registry = open_registry(load(), MemoryStore())
    (soon,) = await check_models(registry, ["cheap"], datetime(2026, 11, 1, tzinfo=UTC))
    (far,) = await check_models(registry, ["cheap"], datetime(2026, 1, 1, tzinfo=UTC))
    (out,) = await check_models(registry, ["cheap"], datetime(2026, 12, 2, tzinfo=UTC))
    await registry.close()
    assert "in 30 days" in soon.warnings[0]
    assert not [warning for warning in far.warnings if "retires" in warning]
    assert "switched it off" in out.problem


def test_show_prints_price_and_source(call):
    shown = json.loads(call("show", "costly", "--json").stdout)
    assert (shown["price"], shown["source"]) == ("$0.2 an image", "the settings")
    assert "the price list" in call("show", "cheap").stderr


def test_try_makes_an_image_and_prints_what_it_cost(call, simulator, tmp_path):
    said = call("try", "cheap", "northern lights", "--size", "96x64", "--json")
    told = json.loads(said.stdout)
    with Image.open(tmp_path / told["file"]) as image:
        assert image.size == (96, 64)
    (asked,) = simulator[0].log.calls
    assert (told["price_usd"], told["request_id"], asked.billed_usd) == (0.01, asked.id, 0.01)
    assert "northern lights" in told["prompt_text"]
    assert told["seconds"] > 0


def test_a_costly_model_is_not_tried_unasked(call, simulator):
    said = call("try", "costly", "northern lights")
    assert said.exit_code == 2
    assert "--yes" in said.stderr
    assert simulator[0].log.calls == []
    assert call("try", "costly", "northern lights", "--yes", "--size", "64x64").exit_code == 0


def test_what_is_asked_about_is_the_price_of_this_image(call, simulator):
    said = call("try", "by-size", "northern lights", "--size", "2048x2048")
    assert said.exit_code == 2
    assert "$0.12" in said.stderr
    assert simulator[0].log.calls == []
    assert call("try", "by-size", "northern lights", "--size", "64x64").exit_code == 0


@pytest.mark.parametrize(("place", "said"), [("none/a.png", "nothing can be written"), (".", "is a folder")])
def test_a_place_that_takes_no_image_is_told_before_one_is_paid(call, simulator, place, said):
    told = call("try", "cheap", "northern lights", "--out", place)
    assert (told.exit_code, simulator[0].log.calls) == (2, [])
    assert said in told.stderr


def test_images_tell_the_operation(call, simulator, tmp_path):
    (tmp_path / "a.png").write_bytes(drawing())
    (tmp_path / "m.png").write_bytes(mask())
    words = ["try", "costly", "a bay", "--yes", "--from", "a.png", "--size", "320x256"]
    assert json.loads(call(*words, "--json").stdout)["operation"] == "image-to-image"
    told = json.loads(call(*words, "--mask", "m.png", "--out", "b.png", "--json").stdout)
    assert (told["operation"], told["file"]) == ("masked-edit", "b.png")
    assert [asked.operation for asked in simulator[0].log.calls] == ["image-to-image", "masked-edit"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["try", "cheap", "x", "--size", "big"], 2, "such as 1080x1350"),
        (["try", "cheap", "x", "--size", "9999x9"], 2, "16 to 8192"),
        (["try", "cheap", "x", "--from", "none.png"], 2, "No such file"),
        (["try", "cheap", "x", "--from", "brushfire.toml"], 2, "is not a JPEG"),
        (["try", "cheap", "x", "--operation", "paint"], 2, "known are text-to-image"),
        (["try", "cheap", "x", "--operation", "upscale"], 1, "does not do upscale"),
    ],
)
def test_mistakes_are_told_and_cost_nothing(call, simulator, words, code, said):
    told = call(*words)
    assert told.exit_code == code
    assert said in told.stderr
    assert simulator[0].log.calls == []
