"""The user's own CLIP model: its files are found, opened and tried out. Nothing is downloaded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import onnxruntime

from imaging.measures.check import Check
from imaging.measures.content.alignment import AlignmentCheck
from imaging.measures.content.clip import IDS, IMAGE, MASK, PIXELS, TEXT, TYPES, Clip, Graph, Tokenizer
from infra.settings import AlignmentSettings
from schemas.errors import InvalidSettings

INSTALL: Final = 'pip install "brushfire[alignment]"'


def alignment_checks(settings: AlignmentSettings) -> tuple[Check, ...]:
    """The check by the model that `settings` name, loaded and tried out; none where they name none.

    Raises:
        InvalidSettings: the files are missing, or are no model that can be asked; with what to write instead.
    """
    return (AlignmentCheck(_load(settings)),) if settings.is_on else ()


def _load(settings: AlignmentSettings) -> Clip:
    assert settings.tokenizer is not None
    image, text = _graphs(settings)
    length = text.length(IDS)
    tokenizer = _open_tokenizer(settings.tokenizer, min(length or settings.tokens, settings.tokens))
    files = (settings.model, settings.image_encoder, settings.text_encoder, settings.tokenizer)
    digest = _digest(path for path in files if path is not None)
    clip = Clip(image, text, tokenizer, name=settings.name, files_digest=digest, side=settings.side)
    _try_out(clip)
    return clip


def _graphs(settings: AlignmentSettings) -> tuple[Graph, Graph]:
    """The graphs of images and of texts: the same one where a file has both."""
    if settings.model is not None:
        both = _open_graph("model", settings.model, (PIXELS, IDS, MASK), (IMAGE, TEXT))
        return both, both
    assert settings.image_encoder is not None
    assert settings.text_encoder is not None
    return (
        _open_graph("image_encoder", settings.image_encoder, (PIXELS,), (IMAGE,)),
        _open_graph("text_encoder", settings.text_encoder, (IDS, MASK), (TEXT,)),
    )


def _open_graph(setting: str, path: Path, inputs: Iterable[str], outputs: Iterable[str]) -> Graph:
    """The graph in `path`, with `inputs` (a mask may be missing) and `outputs`; a single one may have any name."""
    session = _session(setting, path)
    has, gives = [node.name for node in session.get_inputs()], [node.name for node in session.get_outputs()]
    names, results = _match(has, list(inputs)), _match(gives, list(outputs))
    needed = [name for name in inputs if name != MASK]
    if any(name not in names for name in needed) or len(names) < len(has):
        raise InvalidSettings(_unlike(setting, path, "inputs", has, ", ".join(inputs)))
    if any(name not in results for name in outputs):
        raise InvalidSettings(_unlike(setting, path, "outputs", gives, ", ".join(outputs)))
    strange = [f"{node.name} ({node.type})" for node in session.get_inputs() if node.type not in TYPES]
    if strange:
        raise InvalidSettings(f"alignment.{setting}: {path} wants {', '.join(strange)}; export floats and integers")
    return Graph(session, names, results)


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
            f"alignment.{setting}: {path} is no ONNX graph that onnxruntime can run; export the model again: {error}"
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


def _open_tokenizer(path: Path, tokens: int) -> Tokenizer:
    """The tokenizer in `path`, which cuts texts to `tokens`."""
    try:
        package: Any = import_module("tokenizers")
    except ImportError:
        raise InvalidSettings(f"alignment.tokenizer needs the package tokenizers: {INSTALL}") from None
    if not path.is_file():
        raise InvalidSettings(f"alignment.tokenizer: {path}: there is no such file; it is exported beside the model")
    try:
        tokenizer = package.Tokenizer.from_file(str(path))
        tokenizer.no_padding()
        tokenizer.enable_truncation(tokens)
    except Exception as error:  # noqa: BLE001 - the package raises nothing more particular
        raise InvalidSettings(
            f"alignment.tokenizer: {path} is no tokenizer.json (vocab.json and merges.txt are not enough): {error}"
        ) from None
    return tokenizer  # type: ignore[no-any-return]


def _digest(paths: Iterable[Path]) -> str:
    """SHA-256 over the files in their order; weights that an export keeps beside its graph count too."""
    whole = hashlib.sha256()
    for path in paths:
        for part in (path, path.with_name(f"{path.name}_data"), path.with_name(f"{path.name}.data")):
            if part.is_file():
                with part.open("rb") as file:
                    whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()


def _try_out(clip: Clip) -> None:
    """Embed an image and a text once, so that a graph that cannot fails now and not at every draft."""
    try:
        image, words = clip.try_out()
    except Exception as error:  # noqa: BLE001 - onnxruntime's errors have no other base
        raise InvalidSettings(
            f"alignment: the model cannot embed an image and a text; does alignment.side or the tokenizer belong to "
            f"another one? {error}"
        ) from None
    if image.ndim != 1 or image.shape != words.shape:
        raise InvalidSettings(
            f"alignment: images become {image.shape} numbers and texts {words.shape}, which cannot be compared; "
            "export both encoders of one model, with their projections"
        )
