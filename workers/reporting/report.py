"""The report of a run: one self-contained HTML page."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from schemas.outcomes import SignalOutcome
from schemas.signals import Signal
from workers.reporting import words
from workers.reporting.details import BriefDetails
from workers.reporting.run_view import RunView
from workers.reporting.thumbnails import Thumbnail, draft_side, final_side, thumbnail

FIRST_DRAFTS: Final = 24
"""How many drafts of a brief are shown at once; the others are folded."""


@dataclass(frozen=True, slots=True)
class SignalLine:
    """A signal and its outcome; either may be missing during a run."""

    signal: Signal | None
    outcome: SignalOutcome | None

    @property
    def topic(self) -> str:
        """The topic, from the signal or its outcome."""
        return self.signal.topic if self.signal else self.outcome.topic if self.outcome else ""

    @property
    def market(self) -> str:
        """The market, from the signal or its outcome."""
        return self.signal.market if self.signal else self.outcome.market if self.outcome else ""


def render_report(view: RunView, images: Mapping[str, bytes], *, title: str, generated_at: datetime) -> str:
    """The page as text. It has no scripts, makes no requests and holds its images as data URIs.

    Args:
        view: The read model of the run.
        images: The encoded bytes of drafts and renditions, by content key. Missing ones are shown as grey fields.
        title: The heading of the page.
        generated_at: The time that the page names.
    """
    briefs = [view.details(brief_id) for brief_id in view.brief_ids()]
    style = _style(briefs)
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            title=title,
            generated_at=generated_at,
            style=style,
            style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii"),
            summary=view.summary(),
            model_seconds=view.model_seconds(),
            flagship_seconds=view.flagship_only_seconds(),
            briefs=briefs,
            images=_images(briefs, images),
            groups=_groups(view),
            view=view,
            first_drafts=FIRST_DRAFTS,
        )
    )


def _images(briefs: Iterable[BriefDetails], images: Mapping[str, bytes]) -> dict[str, Thumbnail]:
    """A thumbnail for every image in `images`; a final that is also a draft gets the larger one."""
    finals = {part.image.key for brief in briefs for asset in brief.assets for part in asset.renditions}
    drafts = {draft.image.key for brief in briefs for draft in brief.drafts if draft.image is not None} - finals
    sides = dict.fromkeys(sorted(drafts), draft_side(len(drafts))) | dict.fromkeys(finals, final_side(len(finals)))
    made = {key: thumbnail(images, key, side) for key, side in sides.items()}
    return {key: image for key, image in made.items() if image is not None}


def _groups(view: RunView) -> list[tuple[str, list[SignalLine]]]:
    """The signals by outcome, the largest volume first within each group; signals without an outcome are last."""
    lines: dict[str, list[SignalLine]] = {name: [] for name in (*words.OUTCOME_ORDER, "waiting")}
    for signal_id in sorted(view.signal_ids()):
        line = SignalLine(view.signals.get(signal_id), view.signal_outcomes.get(signal_id))
        lines[line.outcome.name if line.outcome else "waiting"].append(line)
    return [(name, sorted(found, key=_loudest_first)) for name, found in lines.items() if found]


def _loudest_first(line: SignalLine) -> tuple[int, str, str]:
    return -(line.signal.volume if line.signal else 0), line.topic, line.market


def _style(briefs: Iterable[BriefDetails]) -> Markup:
    """The style sheet, with a class for each aspect ratio of a final, so that a row of finals has one height.

    The page's content security policy admits only this sheet, by its hash. So no element has a style attribute.
    """
    loader = _environment().loader
    sheet = loader.get_source(_environment(), "report.css")[0] if loader is not None else ""
    sizes = {part.image.size for brief in briefs for asset in brief.assets for part in asset.renditions}
    ratios = sorted({round(size.ratio * 1000) for size in sizes})
    rules = [
        f".ratio-{ratio} {{ flex: {ratio} 1 {ratio * 0.38:.0f}px; max-width: {ratio * 0.62:.0f}px; }}"
        for ratio in ratios
    ]
    return Markup("\n".join([sheet, *rules]) + "\n")  # noqa: S704  (our own sheet and whole numbers)


def _clean(value: object) -> object:
    """Every text that a template prints, without control and direction characters."""
    return words.safe_text(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("workers.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_clean,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for written in (
        words.thousands,
        words.dollars,
        words.duration,
        words.measured_value,
        words.measurement_name,
        words.moment,
        words.plural,
    ):
        environment.filters[written.__name__] = written
    environment.globals["meaning"] = words.OUTCOME_MEANING
    return environment
