"""The page on models agrees with the catalogues and the settings."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from infra.providers.apis import APIS
from infra.providers.comfyui_templates import load_template
from infra.settings import ListedModel, ProvidersSettings

TEXT = (Path(__file__).resolve().parents[4] / "docs" / "models.md").read_text("utf-8")
LOCAL = 2
"""Rows of the same width about models of this machine."""
ROWS = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in TEXT.splitlines() if line.startswith("| ")]
BLOCKS = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)


def test_every_model_of_the_catalogues_is_in_the_table():
    listed = {row[0].strip("` "): row for row in ROWS if len(row) == 6}
    for api in APIS:
        for model in api.catalogue:
            _, _, tier, operations, price, seconds = listed[model.name]
            assert (tier, operations) == (model.tier, ", ".join(model.operations))
            assert price.startswith(f"{model.price_usd:g}")
            assert seconds == f"{model.seconds:g}"
    assert len(listed) == sum(len(api.catalogue) for api in APIS) + 2 + LOCAL


def test_every_api_and_every_key_of_a_model_is_documented():
    first = {word for row in ROWS for word in re.findall(r"`([\w_]+)`", row[0])}
    assert {api.name for api in APIS} <= first
    assert {field.name for field in fields(ListedModel)} <= first


@pytest.mark.parametrize("block", BLOCKS)
def test_the_examples_are_settings(block):
    settings = ProvidersSettings.model_validate(tomllib.loads(block.replace('"…"', '"key"'))["providers"])
    assert [api.name for api in APIS if api.settings(settings).is_on]


def test_the_example_of_a_workflow_is_one(tmp_path):
    (example,) = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
    (tmp_path / "w.json").write_text(example)
    graph = load_template(str(tmp_path / "w.json")).filled({"prompt": "words", "seed": 7}, {})
    assert "words" in json.dumps(graph)
