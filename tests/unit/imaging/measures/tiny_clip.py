"""A CLIP of a few numbers, as real ONNX files: images become their mean colour, texts the colours that they name."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from imaging.measures.check import Check
from imaging.measures.content.clip import DEVIATION, MEAN
from infra.programs.own_clip import alignment_checks
from infra.settings import AlignmentSettings

COLOURS = {"red": (1, -1, -1), "green": (-1, 1, -1), "blue": (-1, -1, 1), "white": (1, 1, 1), "black": (-1, -1, -1)}


def write_tokenizer(path: Path, words: tuple[str, ...] = tuple(COLOURS)) -> Path:
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0} | {word: n for n, word in enumerate(words, 1)}, "[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(path))
    return path


def write_graph(path: Path, *towers: str, tokens: int | str = "tokens", side: int | str = "side", names=None) -> Path:
    """A graph with the `towers` "image" and "text", and `names` in place of inputs and outputs of optimum's exports."""
    names = names or {}
    nodes, inputs, outputs, weights = [], [], [], []
    for tower in towers:
        made = _image(side) if tower == "image" else _text(tokens)
        for whole, part in zip((nodes, inputs, outputs, weights), made, strict=True):
            whole.extend(part)
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, weights)
    for part in [*graph.input, *graph.output]:
        part.name = names.get(part.name, part.name)
    for node in graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]
        node.output[:] = [names.get(name, name) for name in node.output]
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    checker.check_model(model)
    save(model, path)
    return path


def settings(folder: Path, **changes) -> AlignmentSettings:
    """A whole model in one file."""
    files = {"model": write_graph(folder / "model.onnx", "text", "image"),
             "tokenizer": write_tokenizer(folder / "tokenizer.json")}  # fmt: skip
    return AlignmentSettings(**(files | changes))


@functools.lru_cache(maxsize=1)
def check() -> Check:
    with tempfile.TemporaryDirectory() as folder:
        (found,) = alignment_checks(settings(Path(folder)))
    return found


def _image(side):
    """Mean colour, the normalisation undone, from -1 (none of a channel) to 1."""
    nodes = [
        helper.make_node("ReduceMean", ["pixel_values"], ["mean"], axes=[2, 3], keepdims=0),
        helper.make_node("Mul", ["mean", "scale"], ["scaled"]),
        helper.make_node("Add", ["scaled", "shift"], ["image_embeds"]),
    ]
    weights = [numpy_helper.from_array(2 * DEVIATION, "scale"), numpy_helper.from_array(2 * MEAN - 1, "shift")]
    takes = helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, ["batch", 3, side, side])
    return nodes, [takes], [helper.make_tensor_value_info("image_embeds", TensorProto.FLOAT, ["batch", 3])], weights


def _text(tokens):
    """The sum of the colours named; other words say nothing."""
    table = np.array([(0, 0, 0), *COLOURS.values()], np.float32)
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["words"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["column"]),
        helper.make_node("Mul", ["words", "column"], ["masked"]),
        helper.make_node("ReduceSum", ["masked", "middle"], ["text_embeds"], keepdims=0),
    ]
    weights = [
        numpy_helper.from_array(table, "table"),
        numpy_helper.from_array(np.array([2]), "last"),
        numpy_helper.from_array(np.array([1]), "middle"),
    ]
    takes = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", tokens])
        for name in ("input_ids", "attention_mask")
    ]
    return nodes, takes, [helper.make_tensor_value_info("text_embeds", TensorProto.FLOAT, ["batch", 3])], weights
