"""What scorecards cost beside the models that they cannot do without: ``make bench NAME=eye-speed``.

Costs are processor time of one thread, decode to verdict; card and floor take turns, so that both see the same machine.
They are summed over a dozen ads, because the cost of a card depends on the image: its lines of text, and what its
refinement changed. Drafts a second are wall time, as the scorer works: a thread a core.
"""

from __future__ import annotations

import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import cv2

from bench.eye.defect_images import SampleAd, images
from bench.eye.scoring_load import by_processes, by_threads
from bench.figures import Figure, report, say
from imaging.decode import decode
from imaging.measures.content.network import look_at
from imaging.measures.text import reader
from imaging.measures.text.boxes import TEXT_ROLES, cut
from imaging.measures.text.lettering import split_lines
from imaging.pixels import BgrImage
from routing.scoring.drift import drift_verdict
from routing.scoring.score import overall
from schemas.drafts import Draft
from schemas.images import Region
from schemas.refinements import Refinement
from tests.support.factories import NOW, make_brief, make_draft, make_refinement
from workers.scoring.cards import Surroundings, load_models, prepare_process, score_draft, score_refinement

CORES: Final = 2
ADS: Final = 12
"""Square ones: six composed, six over photographs."""
DRAFT_ROUNDS: Final = 15
FINAL_ROUNDS: Final = 5
DRAFTS: Final = 300
MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True)
class Work:
    """A draft and its refinement as the scorer gets them."""

    draft: Draft
    refinement: Refinement
    draft_jpeg: bytes
    final_jpeg: bytes
    around: Surroundings


def main() -> None:
    """Measure and report."""
    prepare_process()
    load_models()
    works = [_work(image) for image in images("calibration") if image.form.name == "square"][:ADS]
    work = works[0]
    say("draft card beside decode and nudity alone")
    drafts = [_turns(partial(_draft_verdict, one), partial(_draft_floor, one), DRAFT_ROUNDS) for one in works]
    say("refinement card beside decode, OCR and nudity alone")
    finals = [_turns(partial(_final_verdict, one), partial(_final_floor, one), FINAL_ROUNDS) for one in works]
    say("drafts a second")
    load = by_threads(partial(_draft_verdict, work), DRAFTS, CORES)
    rate = by_processes(partial(numbered_verdict, work), DRAFTS, CORES)
    say("reading beside the whole card of a refinement")
    reading, _ = _turns(lambda: _reading(work), lambda: None, FINAL_ROUNDS)
    figures = [
        *_beside(drafts, "draft card", "512 px JPEG", "decode and nudity alone"),
        *_beside(finals, "refinement card", "1080 px JPEG, with OCR", "decode, OCR in known boxes and nudity alone"),
        Figure("decode and OCR of a refinement, of that", reading * 1000, "ms of one core"),
        Figure(f"drafts with {CORES} threads", load.rate, "1/s"),
        Figure("cores in use meanwhile", load.cores, "cores"),
        Figure("longest pause of the event loop meanwhile", load.longest_pause * 1000, "ms"),
        Figure(f"drafts with {CORES} processes instead", rate, "1/s"),
        Figure("peak memory of a process, drafts", _peak(work, finals=False), "MB"),
        Figure("peak memory of a process, with refinements", _peak(work, finals=True), "MB"),
    ]
    report("eye-speed", figures)


def _beside(costs: list[tuple[float, float]], card: str, image: str, floor: str) -> Iterator[Figure]:
    """The mean cost of the cards and of their floors, the ratio of the two, and that of the most expensive image."""
    cards, floors = (sum(each) / len(costs) for each in zip(*costs, strict=True))
    yield Figure(f"{card}, {image}", cards * 1000, "ms of one core")
    yield Figure(floor, floors * 1000, "ms of one core")
    yield Figure(f"{card} over its floor", cards / floors, "times", "<= 1.3")
    yield Figure(
        f"{card} over its floor, most expensive image", max(first / second for first, second in costs), "times"
    )


def _work(image: SampleAd) -> Work:
    brief = make_brief(brand=image.campaign.brand, formats=(image.form,), draft_format=image.form)
    draft = make_draft(brief, regions=image.draft_regions)
    refinement = make_refinement(brief, draft, regions=image.final_regions)
    prompt = draft.job.request.prompt.model_copy(update={"wording": image.wording})
    request = draft.job.request.model_copy(update={"prompt": prompt})
    draft = draft.model_copy(update={"job": draft.job.model_copy(update={"request": request})})
    asked = refinement.job.request.model_copy(update={"prompt": prompt})
    refinement = refinement.model_copy(update={"job": refinement.job.model_copy(update={"request": asked})})
    around = Surroundings(logo=image.logo, published=())
    return Work(draft, refinement, _jpeg(image.draft), _jpeg(image.final), around)


def _jpeg(bgr: BgrImage) -> bytes:
    return bytes(cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes())


def _draft_verdict(work: Work) -> object:
    return overall(score_draft(work.draft, work.draft_jpeg, now=NOW, around=work.around))


def _draft_floor(work: Work) -> object:
    """What cannot be done without: the image, and the network's look."""
    return look_at(decode(work.draft_jpeg))


def _final_verdict(work: Work) -> object:
    around = Surroundings(logo=work.around.logo)
    return drift_verdict(score_refinement(work.refinement, work.final_jpeg, work.draft_jpeg, now=NOW, around=around))


def _final_floor(work: Work) -> object:
    """What cannot be done without: the image, the readings of its lines, and the network's look."""
    bgr = decode(work.final_jpeg)
    return _read(bgr, work), look_at(bgr)


def _reading(work: Work) -> object:
    return _read(decode(work.final_jpeg), work)


def _read(bgr: BgrImage, work: Work) -> list[str]:
    regions: tuple[Region, ...] = work.refinement.generation.regions
    boxes = [cut(bgr, region.box) for region in regions if region.role in TEXT_ROLES]
    return reader.read_crops([line for box in boxes for line in split_lines(box)])


def _turns(first: Callable[[], object], second: Callable[[], object], rounds: int) -> tuple[float, float]:
    """The medians of the processor seconds of two jobs that take turns."""
    spent: tuple[list[float], list[float]] = ([], [])
    first(), second()
    for _ in range(rounds):
        for job, times in zip((first, second), spent, strict=True):
            start = time.thread_time()
            job()
            times.append(time.thread_time() - start)
    return statistics.median(spent[0]), statistics.median(spent[1])


def numbered_verdict(work: Work, _: int) -> None:
    """One of many verdicts on one draft."""
    _draft_verdict(work)


def _peak(work: Work, *, finals: bool) -> float:
    """The peak resident memory of a fresh process that scores with a thread a core, in MB."""
    with multiprocessing.get_context("spawn").Pool(1, initializer=prepare_process) as pool:
        return float(pool.apply(peak_of_process, (work, finals)))


def peak_of_process(work: Work, finals: bool) -> float:
    """Score some images in this process, and return its peak.

    The number is from /proc, because `getrusage` includes the parent's peak.
    """
    job = _final_verdict if finals else _draft_verdict
    with ThreadPoolExecutor(CORES) as pool:
        list(pool.map(lambda _: job(work), range(8)))
    status = Path("/proc/self/status").read_text("ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")) * 1024 / MEGABYTE


if __name__ == "__main__":
    main()
