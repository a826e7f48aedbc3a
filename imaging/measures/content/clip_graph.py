"""An ONNX graph of a user's own: opened, and its inputs and outputs found by the names that exporters give them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnxruntime

from imaging.pixels import Floats
from schemas.errors import InvalidSettings

PIXELS: Final = "pixel_values"
IDS: Final = "input_ids"
MASK: Final = "attention_mask"
"""Names of inputs in exports of Hugging Face's optimum."""
IMAGE: Final = "image_embeds"
TEXT: Final = "text_embeds"
"""Names of outputs there."""
_TYPES: Final[dict[str, npt.DTypeLike]] = {
    "tensor(float)": np.float32, "tensor(float16)": np.float16, "tensor(int64)": np.int64, "tensor(int32)": np.int32,
}  # fmt: skip


@dataclass(frozen=True)
class Graph:
    """A graph that is ready to run. `names` are its own names of inputs by ours, `outputs` those of outputs."""

    setting: str
    session: Any
    names: dict[str, str]
    outputs: dict[str, str]

    def run(self, wanted: str, feeds: dict[str, npt.NDArray[Any]]) -> Floats:
        """The output `wanted` for `feeds`, by our names, each cast to its input's type; inputs not there are left."""
        types = {node.name: _TYPES[node.type] for node in self.session.get_inputs()}
        fed = {self.names[ours]: feeds[ours].astype(types[self.names[ours]]) for ours in feeds if ours in self.names}
        (found,) = self.session.run([self.outputs[wanted]], fed)
        return np.asarray(found, dtype=np.float32)

    def length(self, ours: str) -> int | None:
        """The last axis of the input `ours`, where the graph fixes it."""
        nodes = {node.name: node.shape for node in self.session.get_inputs()}
        shape = nodes.get(self.names.get(ours, ""), ())
        return shape[-1] if shape and isinstance(shape[-1], int) else None


def open_graph(setting: str, path: Path, inputs: Iterable[str], outputs: Iterable[str]) -> Graph:
    """The graph in `path`, with `inputs` (a mask may be missing) and `outputs`; a single one may have any name.

    Raises:
        InvalidSettings: the file is missing, no ONNX, or a graph with other inputs and outputs.
    """
    session = _session(setting, path)
    has, gives = [node.name for node in session.get_inputs()], [node.name for node in session.get_outputs()]
    names, told = _match(has, list(inputs)), _match(gives, list(outputs))
    needed = [name for name in inputs if name != MASK]
    if any(name not in names for name in needed) or len(names) < len(has):
        raise InvalidSettings(_unlike(setting, path, "inputs", has, ", ".join(inputs)))
    if any(name not in told for name in outputs):
        raise InvalidSettings(_unlike(setting, path, "outputs", gives, ", ".join(outputs)))
    strange = [f"{node.name} ({node.type})" for node in session.get_inputs() if node.type not in _TYPES]
    if strange:
        raise InvalidSettings(f"alignment.{setting}: {path} wants {', '.join(strange)}; export floats and integers")
    return Graph(setting, session, names, told)


def _session(setting: str, path: Path) -> Any:
    if not path.is_file():
        raise InvalidSettings(f"alignment.{setting}: {path}: there is no such file; write the path of an ONNX export")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # the scorer's threads fill the cores
    options.log_severity_level = 4  # its errors are raised as well
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # noqa: BLE001 - onnxruntime's errors have no other base
        raise InvalidSettings(
            f"alignment.{setting}: {path} is no ONNX graph that onnxruntime can run; export the model anew: {error}"
        ) from None


def _match(there: list[str], wanted: list[str]) -> dict[str, str]:
    """Our names with those of the graph: the same, or, where one is there alone, the first that is wanted."""
    same = {name: name for name in wanted if name in there}
    return same or ({wanted[0]: there[0]} if len(there) == 1 else {})


def _unlike(setting: str, path: Path, what: str, there: list[str], wanted: str) -> str:
    return (
        f"alignment.{setting}: {path} has the {what} {', '.join(there)}; wanted are {wanted}. Export the model with "
        "its projections (for Hugging Face: CLIPModel, or CLIPVisionModelWithProjection and "
        "CLIPTextModelWithProjection)"
    )
