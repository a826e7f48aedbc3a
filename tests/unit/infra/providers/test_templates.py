from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.providers.comfyui_templates import load_template, names
from schemas.errors import InvalidRequest, InvalidSettings

NODE = {"class_type": "KSampler", "inputs": {"seed": 0, "text": ""}}


def _file(tmp_path, **changes) -> str:
    fields = {"graph": {"a": NODE}, "slots": {"seed": ["a", "inputs", "seed"]}, "output": "a"}
    path = tmp_path / "w.json"
    path.write_text(json.dumps({**fields, **changes}))
    return str(path)


@pytest.mark.parametrize("name", names())
def test_the_templates_that_come_along_are_whole(name):
    """Every link leads to a node that is there, and every node has a class."""
    template = load_template(name)
    for node in template.graph.values():
        links = [value for value in node["inputs"].values() if isinstance(value, list)]
        assert node["class_type"]
        assert {link[0] for link in links} <= set(template.graph)
    assert template.graph[template.output]["class_type"] == "SaveImage"
    assert template.about


def test_the_templates_cover_four_operations():
    assert names() == ["image_to_image", "masked_edit", "text_to_image", "upscale"]


@given(words=st.text(), seed=st.integers(0, 2**31 - 1))
def test_a_filled_graph_says_what_was_asked_and_nothing_else(words, seed):
    template = load_template("text_to_image")
    graph = template.filled({"prompt": words, "seed": seed, "image": "no such slot"}, {"steps": 4})
    assert graph["prompt"]["inputs"]["text"] == words
    assert (graph["sampler"]["inputs"]["seed"], graph["sampler"]["inputs"]["steps"]) == (seed, 4)
    assert graph["negative"] == template.graph["negative"]
    assert json.loads(json.dumps(graph)) == graph


def test_filling_leaves_the_template_alone():
    template = load_template("text_to_image")
    template.filled({"seed": 7}, {})
    assert template.graph["sampler"]["inputs"]["seed"] == 0


def test_a_parameter_without_a_slot_is_a_mistake():
    with pytest.raises(InvalidRequest, match="no slot 'stepps'; it has prompt"):
        load_template("text_to_image").filled({}, {"stepps": 4})


def test_an_own_file(tmp_path):
    assert load_template(_file(tmp_path)).filled({"seed": 5}, {})["a"]["inputs"]["seed"] == 5


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"slots": {"seed": ["b", "inputs", "seed"]}}, "slot 'seed' leads nowhere"),
        ({"slots": {"seed": ["a", "inputs", "sead"]}}, "leads nowhere"),
        ({"output": "z"}, "no node 'z'"),
        ({"graph": []}, "graph"),
    ],
)
def test_a_wrong_file_is_told_at_the_start(tmp_path, changes, message):
    with pytest.raises(InvalidSettings, match=message):
        load_template(_file(tmp_path, **changes))


@pytest.mark.parametrize("name", ["nothing", "/nowhere/w.json"])
def test_a_missing_one_is_told_with_those_there_are(name):
    with pytest.raises(InvalidSettings, match="there are image_to_image"):
        load_template(name)
