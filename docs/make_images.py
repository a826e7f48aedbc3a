#!/usr/bin/env python3
"""Makes the images of the documentation from the folder of a finished run.

    python docs/make_images.py out

The montage needs only the run; the image of the report needs a Chromium as well (`--chromium PATH`) and is
left as it is where there is none.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer
from PIL import Image, ImageChops

from imaging.fonts.registry import font_file

IMAGES: Final = Path(__file__).resolve().parent / "images"
FORMATS: Final = ("square", "portrait", "story", "landscape")
ROW_HEIGHT: Final = 380
GAP: Final = 14
GROUND: Final = "#f4f2ec"
QUALITY: Final = 84
WINDOW: Final = (1400, 3600)
"""Pixels of a window with room for the report's figures and one brief; empty space is cut off."""
REPORT_WIDTH: Final = 1000
MARGIN: Final = 60
CHROMIUM_SECONDS: Final = 120
_ARTICLE: Final = re.compile(r'<article class="brief" aria-labelledby="(?P<brief>[^"]+)">.*?</article>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished asset: the folder of its images, its brief, the language of its copy, and its draft's score."""

    folder: Path
    brief: str
    campaign: str
    language: str
    score: float


def finished(out: Path) -> Iterator[Finished]:
    """The assets of the run in `out` that have all of `FORMATS`."""
    for path in sorted(out.glob("assets/*/manifest.json")):
        manifest = json.loads(path.read_text("utf-8"))
        brief, promotion = manifest["brief"], manifest["promotion"]
        if all((path.parent / f"{name}.jpg").is_file() for name in FORMATS):
            yield Finished(path.parent, brief["brief_id"], brief["campaign_id"], brief["language"], promotion["score"])


def choose(assets: Sequence[Finished]) -> tuple[Finished, ...]:
    """One asset of each campaign: in as many languages as there are, then the best by score."""
    by_campaign = itertools.groupby(sorted(assets, key=lambda asset: asset.campaign), lambda asset: asset.campaign)
    choices = itertools.product(*(tuple(group) for _, group in by_campaign))
    return max(choices, key=lambda picks: (len({p.language for p in picks}), sum(p.score for p in picks)))


def best_alone(assets: Sequence[Finished]) -> Finished:
    """The best asset by score among those that are the only one of their brief, so that its report is short."""
    count = Counter(asset.brief for asset in assets)
    return max(assets, key=lambda asset: (count[asset.brief] == 1, asset.score))


def montage(assets: Sequence[Finished]) -> Image.Image:
    """A row for each asset, its formats side by side at one height."""
    rows = [[_scaled(asset.folder / f"{name}.jpg") for name in FORMATS] for asset in assets]
    width = GAP + sum(image.width + GAP for image in rows[0])
    sheet = Image.new("RGB", (width, GAP + len(rows) * (ROW_HEIGHT + GAP)), GROUND)
    for number, row in enumerate(rows):
        left = GAP
        for image in row:
            sheet.paste(image, (left, GAP + number * (ROW_HEIGHT + GAP)))
            left += image.width + GAP
    return sheet


def _scaled(path: Path) -> Image.Image:
    with Image.open(path) as image:
        size = (round(image.width * ROW_HEIGHT / image.height), ROW_HEIGHT)
        return image.convert("RGB").resize(size, Image.Resampling.LANCZOS)


def photograph(report: Path, brief: str, chromium: str) -> Image.Image:
    """The report's figures and the one `brief`, as Chromium shows them. Raises `subprocess.SubprocessError`."""
    with tempfile.TemporaryDirectory() as folder:
        page, shot = Path(folder) / "report.html", Path(folder) / "shot.png"
        page.write_text(_with_one_brief(report.read_text("utf-8"), brief), "utf-8")
        command = [
            chromium,
            *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
            f"--window-size={WINDOW[0]},{WINDOW[1]}",
            f"--user-data-dir={folder}/profile",
            f"--screenshot={shot}",
            page.as_uri(),
        ]
        environment = {**os.environ, "XDG_DATA_HOME": str(_with_fonts(Path(folder) / "data"))}
        subprocess.run(command, check=True, capture_output=True, timeout=CHROMIUM_SECONDS, env=environment)  # noqa: S603 - a command of our own
        with Image.open(shot) as image:
            cut = _without_empty_end(image.convert("RGB"))
        return cut.resize((REPORT_WIDTH, round(cut.height * REPORT_WIDTH / cut.width)), Image.Resampling.LANCZOS)


def _with_one_brief(html: str, brief: str) -> str:
    """The report's text without its other briefs and without what follows them."""
    shown, _, _ = html.partition('<section id="signals"')
    return _ARTICLE.sub(lambda article: article.group() if article["brief"] == brief else "", shown)


def _with_fonts(data: Path) -> Path:
    """`data` as a folder of user data with fonts for the trends' scripts, which a bare machine lacks."""
    (data / "fonts").mkdir(parents=True)
    for family in ("Noto Sans", "Noto Sans Arabic", "Noto Sans CJK JP"):
        file = Path(font_file(family))
        (data / "fonts" / file.name).symlink_to(file)
    return data


def _without_empty_end(image: Image.Image) -> Image.Image:
    """`image` without the empty rows at its end, except a margin."""
    ground = Image.new("RGB", image.size, image.getpixel((0, image.height - 1)))
    box = ImageChops.difference(image, ground).getbbox()
    return image.crop((0, 0, image.width, min(image.height, (box[3] if box else 0) + MARGIN)))


def main(
    out: Annotated[Path, typer.Argument(help="Folder of a finished run, as `brushfire run --out` wrote it.")],
    chromium: Annotated[str | None, typer.Option(help="Chromium or Chrome, for the image of the report.")] = None,
) -> None:
    """Write docs/images again."""
    assets = tuple(finished(out))
    if not assets:
        raise typer.BadParameter(f"{out} holds no assets in the formats {', '.join(FORMATS)}")
    IMAGES.mkdir(exist_ok=True)
    montage(choose(assets)).save(IMAGES / "ads.webp", quality=QUALITY, method=6)
    browser = chromium or shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        typer.echo("no Chromium found: docs/images/report.webp stays as it is", err=True)
        return
    photograph(out / "report.html", best_alone(assets).brief, browser).save(
        IMAGES / "report.webp", quality=QUALITY, method=6
    )


if __name__ == "__main__":
    typer.run(main)
