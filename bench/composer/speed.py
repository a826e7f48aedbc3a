"""How fast a draft and a final are drawn, compared with their primitives alone and with a browser.

``make bench NAME=composer-speed``: on one core, to which this process and the browser are bound, encoding included. The
floor paints and encodes the finished scenes of the same seeds with the same library. The rival shows the same layouts
as HTML in a warm headless Chromium and takes a screenshot of each. Warm means the same as in a worker: the brands'
images are decoded, and other drafts of the same briefs were drawn before, but none of those that are timed.
"""

from __future__ import annotations

import asyncio
import gc
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import psutil

from bench.composer.browser import browser, installed
from bench.composer.page import page
from bench.composer.requests import Deck, deck
from bench.figures import Figure, report, say
from imaging.composer.codec import DRAFT_QUALITY, FINAL_QUALITY, encode
from imaging.composer.compose import Composed, Material, compose
from imaging.composer.jobs import draw_draft, draw_final
from imaging.composer.paint.painter import paint_behind, paint_front
from imaging.composer.scene.axes import axes_of
from imaging.fonts.registry import families, font_file
from infra.providers.composer import keep_memory
from schemas.brands import Copy
from schemas.images import Size

DRAFT: Final = Size(width=410, height=512)
FINAL: Final = Size(width=1080, height=1350)
DRAFTS, FINALS = 60, 24
WARMING: Final = 1_000_000
"""The first seed of the drafts that are drawn before any is timed, twice as many as are timed."""
SHOTS: Final = 12
PROCESSES: Final = 2
ENDURANCE: Final = 20_000
_SAMPLED: Final = 2_000
_SMALL: Final = Size(width=160, height=200)


@dataclass(frozen=True)
class Job:
    """One ad of the bench."""

    seed: int
    material: Material

    def composed(self, size: Size) -> Composed:
        """Its scene."""
        height = 1000 * size.height / size.width
        return compose(axes_of(self.seed, height, len(self.material.brand.products)), self.material, size)


def main() -> None:
    _as_the_provider()
    dealt = asyncio.run(deck())
    say("drafts and finals, one core")
    with _one_core():
        figures = [*_part(dealt, "draft", DRAFT, DRAFTS), *_part(dealt, "final", FINAL, FINALS)]
    say("drafts on two cores")
    figures.append(Figure("drafts a second on two cores", _both_cores(), "1/s"))
    say(f"{ENDURANCE:,} small images in one process")
    figures.append(Figure(f"memory gained over {ENDURANCE:,} images", _grown(dealt), "MiB", "<= 20"))
    report("composer-speed", figures)


def _as_the_provider() -> None:
    """Apply the settings of the provider to this process, for its images and for the floor."""
    cv2.setNumThreads(1)
    keep_memory()


@contextmanager
def _one_core() -> Iterator[None]:
    """This process, and those that it starts, on a single core."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def _part(dealt: Deck, name: str, size: Size, count: int) -> list[Figure]:
    jobs = list(_jobs(dealt, count))
    draw = _draft if name == "draft" else _final
    quality = DRAFT_QUALITY if name == "draft" else FINAL_QUALITY
    for job in _jobs(dealt, 2 * count, WARMING):
        draw(job, size)
    whole, alone = [], []
    spent = time.process_time()
    for job in jobs:
        draw(job, size)
    busy = (time.process_time() - spent) / count * 1e3
    for job in _jobs(dealt, count, count):
        whole.append(_timed(lambda job=job: draw(job, size)))  # type: ignore[misc]
        composed = job.composed(size)
        alone.append(_timed(lambda job=job, composed=composed: _primitives(job, composed, size, quality)))  # type: ignore[misc]
    own, floor = statistics.median(whole) * 1e3, statistics.median(alone) * 1e3
    figures = [
        Figure(f"{name} {size.width}x{size.height}", own, "ms"),
        Figure(f"{name}: its primitives alone", floor, "ms"),
        Figure(f"{name} to its primitives", own / floor, "x", "<= 1.3"),
    ]
    path = installed()
    if path is None:
        say("no Chromium is installed: the rival is left out")
        return figures
    shots, load = asyncio.run(_shots(path, jobs[:SHOTS], size, quality))
    rival = statistics.median(shots) * 1e3
    target = ">= 20" if name == "draft" else ">= 5"
    return [
        *figures,
        Figure(f"{name} as HTML in a warm Chromium", rival, "ms"),
        Figure(f"Chromium to {name}", rival / own, "x", target),
        Figure(f"{name}: CPU, mean", busy, "ms"),
        Figure(f"{name} in Chromium: CPU, mean", load * 1e3, "ms"),
        Figure(f"Chromium's CPU to {name}'s", load * 1e3 / busy, "x"),
    ]


def _jobs(dealt: Deck, count: int, first: int = 0) -> Iterator[Job]:
    for seed in range(first, first + count):
        campaign = dealt.campaigns[seed % len(dealt.campaigns)]
        language = ("en", "ja", "pt", "ar")[seed % 4]
        lines = campaign.copy_lines[language]
        words = Copy(
            language=language,
            direction="rtl" if language == "ar" else "ltr",
            headline=lines.headline[0].replace("{topic}", "Lapland"),
            line=lines.line[0],
            call_to_action=lines.call_to_action[0],
            legal=lines.legal,
        )
        form = next(form for form in campaign.formats if form.name == "portrait")
        yield Job(seed, Material(campaign.brand, words, dealt.sprites, form.safe_area))


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _draft(job: Job, size: Size) -> bytes:
    height = 1000 * size.height / size.width
    return draw_draft(axes_of(job.seed, height, len(job.material.brand.products)), job.material, size).data


def _final(job: Job, size: Size) -> bytes:
    height = 1000 * size.height / size.width
    axes = axes_of(job.seed, height, len(job.material.brand.products))
    return draw_final(axes, job.material, size, None, None).data


def _primitives(job: Job, composed: Composed, size: Size, quality: int) -> bytes:
    """The finished scene painted and encoded: no layout, no measuring, no light."""
    sheet = paint_behind(composed.scene, composed.scheme, size.width, size.height)
    paint_front(sheet, composed.scene, job.material.sprites)
    return encode(sheet.pixels, quality)


async def _shots(path: str, jobs: list[Job], size: Size, quality: int) -> tuple[list[float], float]:
    """Seconds of a screenshot of each job, after one round to warm up, and the mean of CPU seconds."""
    with tempfile.TemporaryDirectory() as folder:
        pages = [_written(Path(folder) / f"{job.seed}.html", job, size) for job in jobs]
        async with browser(path, {Path(font_file(name)).parent for name in families()}) as tab:
            for address in pages:
                await tab.photograph(address, size, quality)
            spent, before = [], tab.cpu_seconds()
            for address in pages:
                began = time.perf_counter()
                await tab.photograph(address, size, quality)
                spent.append(time.perf_counter() - began)
            load = (tab.cpu_seconds() - before) / len(pages)
    return spent, load


def _written(path: Path, job: Job, size: Size) -> str:
    """The address of the same layout as HTML."""
    path.write_text(page(job.composed(size), job.material, size), "utf-8")
    return path.as_uri()


def _both_cores() -> float:
    """Drafts a second of two processes, warm."""
    with ProcessPoolExecutor(PROCESSES, initializer=_as_the_provider) as pool:
        list(pool.map(_many, [5] * PROCESSES))
        began = time.perf_counter()
        list(pool.map(_many, [DRAFTS] * PROCESSES))
        return PROCESSES * DRAFTS / (time.perf_counter() - began)


def _many(count: int) -> None:
    if not hasattr(_many, "jobs"):
        _many.jobs = list(_jobs(asyncio.run(deck()), DRAFTS))  # type: ignore[attr-defined]
    for job in _many.jobs[:count]:  # type: ignore[attr-defined]
        _draft(job, DRAFT)


def _grown(dealt: Deck) -> float:
    """MiB by which the process grows after its 2,000th image, when caches are full."""
    jobs = list(_jobs(dealt, DRAFTS))
    process, base = psutil.Process(), 0
    for index in range(ENDURANCE):
        job = jobs[index % len(jobs)]
        _draft(Job(index, job.material), _SMALL)
        if index == _SAMPLED:
            gc.collect()
            base = process.memory_info().rss
    gc.collect()
    return max(process.memory_info().rss - base, 0) / 2**20


if __name__ == "__main__":
    main()
