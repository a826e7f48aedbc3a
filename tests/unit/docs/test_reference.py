"""What the documents say of fields, settings, topics and messages is what the code says."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from importlib.metadata import version
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from ruamel.yaml import YAML

from docs import make_settings
from infra.lexicons import load_lexicons, read_lexicon
from infra.settings import CONFIG_VARIABLE, PREFIX
from schemas import brands, campaigns
from schemas.brands import Artwork, FontFile
from schemas.campaigns import Campaign
from schemas.documents import documents
from schemas.safety import Category
from schemas.scenes import AXIS_CHOICES
from schemas.topics import CATALOGUE, EXPRESS_OF
from tests.unit.docs.documents import ROOT, fenced, rows

SAMPLES = (ROOT / "examples" / "campaigns" / "README.md").read_text("utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
CAMPAIGNS = (ROOT / "docs" / "campaigns.md").read_text("utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")
SAFETY = (ROOT / "docs" / "safety.md").read_text("utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text("utf-8")


def _cell(text: str) -> str:
    return text.strip("`")


# -- campaigns ---------------------------------------------------------------------------------------


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation not in {Artwork, FontFile}:
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)


_KEYS = {"copy_lines": ".<language>", "shorter": ".<line>", "files": ".<family>", "never": ".<axis>"}
"""How a mapping's keys are written, by the field that holds the mapping."""


def _leaves(model: type[BaseModel], prefix: str = "") -> dict[str, Any]:
    """The fields that a file can set, by their path as the document writes it."""
    found: dict[str, Any] = {}
    for key, field in model.model_fields.items():
        inner = _model_in(field.annotation)
        text = str(field.annotation)
        mark = _KEYS[key] if "dict[" in text else "[]" if inner and "tuple[" in text else ""
        path = f"{prefix}{key}{mark}"
        found |= _leaves(inner, f"{path}.") if inner else {path: field}
    return found


def _default(field: Any) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    return "unset" if value is None else str(value) if value not in ((), "", {}) else "none"


def test_every_campaign_field_has_its_row_with_its_default():
    documented = {_cell(row[0]): _cell(row[2]) for row in rows(CAMPAIGNS) if len(row) == 4}
    documented.pop("field")
    assert documented == {path: _default(field) for path, field in _leaves(Campaign).items()}


def test_the_samples_explain_every_part_of_a_campaign():
    named = {name for row in rows(SAMPLES) for name in re.findall(r"`(\w+)", row[0])}
    assert named >= set(Campaign.model_fields)


def test_every_field_name_of_campaigns_and_brands_is_named():
    models = [
        model
        for module in (campaigns, brands)
        for model in vars(module).values()
        if isinstance(model, type) and issubclass(model, BaseModel) and model.__module__ == module.__name__
    ]
    assert len(models) >= 10
    names = {field for model in models for field in model.model_fields}
    assert {field for field in names if not re.search(rf"`[^`\n]*\b{field}\b[^`\n]*`", CAMPAIGNS)} == set()


@pytest.mark.parametrize("text", [*fenced(README, "yaml"), *fenced(CAMPAIGNS, "yaml")])
def test_example_campaigns_are_valid(text):
    assert Campaign.model_validate(YAML(typ="safe").load(text)).formats


# -- settings, topics, safety ------------------------------------------------------------------------


def test_the_page_of_settings_is_up_to_date():
    assert make_settings.document() == SETTINGS, "run `make docs`"


def test_every_setting_is_documented_with_its_default():
    documented = {_cell(row[0]): _cell(row[2]) for row in rows(SETTINGS) if row[0].startswith(f"`{PREFIX}")}
    settings = dict(make_settings.variables())
    assert documented.keys() == settings.keys()
    defaults = {
        variable: str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
        for variable, field in settings.items()
        if field.default is not None and field.default_factory is None
    }
    assert {variable: documented[variable] for variable in defaults} == defaults
    assert CONFIG_VARIABLE in SETTINGS


def test_a_setting_without_a_docstring_is_refused():
    class Bare(BaseModel):
        port: int = 1

    with pytest.raises(SystemExit, match=r"Bare\.port has no docstring"):
        list(make_settings._sections(Bare, []))


def test_every_topic_is_in_the_table():
    express = {topic.name for topic in EXPRESS_OF.values()}
    documented = {_cell(row[0]) for row in rows(ARCHITECTURE) if row[0].startswith("`brushfire.")}
    assert documented == {topic.name for topic in CATALOGUE} - express


def test_every_category_and_lexicon_is_named():
    documented = {_cell(row[0]) for row in rows(SAFETY)}
    assert set(get_args(Category)) <= documented
    assert {lexicon.language for lexicon in load_lexicons()} <= set(re.findall(r"`([\w-]+)`", SAFETY))
    assert [read_lexicon(text).language for text in fenced(SAFETY, "toml")] == ["en"]


# -- messages ----------------------------------------------------------------------------------------


@cache
def _texts() -> str:
    """Every text of the code, a text's slots as "…", one a line."""
    found: list[str] = []
    for room in ("schemas", "routing", "infra", "workers"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.JoinedStr):
                    found.append("".join(str(v.value) if isinstance(v, ast.Constant) else "…" for v in node.values))
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.append(node.value)
    return "\n".join(found)


def _messages() -> list[str]:
    table = OPERATIONS.partition("| message | what to do |")[2]
    return [_cell(row[0]) for row in rows(table)]


@pytest.mark.parametrize("message", _messages())
def test_troubleshooting_names_real_messages(message):
    assert [part for part in message.split("…") if part.strip() not in _texts()] == []


def test_there_are_many_messages():
    assert len(_messages()) >= 30
    assert "a message that is not in the code" not in _texts()


# -- the composer -------------------------------------------------------------------------------------


@pytest.mark.parametrize("axis", AXIS_CHOICES)
def test_the_composers_page_lists_every_choice_of_an_axis(axis: str):
    page = rows((ROOT / "docs" / "composer.md").read_text("utf-8"))
    listed = next(row[2] for row in page if row[0] == f"`{axis}`")
    assert set(AXIS_CHOICES[axis]) <= set(re.findall(r"`(\w+)`", listed))


# -- schemas -----------------------------------------------------------------------------------------


def test_exported_schemas_are_up_to_date():
    folder = ROOT / "docs" / "schemas"
    written = {path.name: json.loads(path.read_text("utf-8")) for path in folder.iterdir()}
    assert written == documents(version("brushfire")), "run `make docs`"
