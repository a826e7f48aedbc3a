"""A whole run in small: signals of every outcome, three brands, drafts, winners, finals, failures, drawn images."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from PIL import Image, ImageDraw

from schemas.base import Event
from schemas.brands import BrandKit, Palette
from schemas.briefs import Brief
from schemas.campaigns import Format, TierPlan
from schemas.drafts import Draft
from schemas.images import ImageRef, Size
from schemas.refinements import Refinement
from schemas.scorecards import Measurement, Scorecard
from schemas.signals import Headline, Signal
from tests.support import factories as make

ALL_FORMATS: Final = (make.SQUARE, make.PORTRAIT, make.STORY, make.LANDSCAPE)
BRANDS: Final = {
    "northbound": make.make_brand(),
    "second-serve": make.make_brand(
        "Second Serve",
        palette=Palette(primary="#0b6e4f", secondary="#d7f75b", accent="#ff5c39", paper="#fbfaf3", ink="#0a1f17"),
    ),
    "harvest-table": make.make_brand(
        "Harvest & Table",
        palette=Palette(primary="#b23a48", secondary="#fcb97d", accent="#2d3047", paper="#fff8ec", ink="#2d1b1e"),
    ),
}
ANSWERED: Final = (
    ("lapland", "GB", "en", "northbound", 5000, "Lapland sees its first snow of the season"),
    ("韓国旅行", "JP", "ja", "northbound", 200, "「ソウルから帰ると病気になる」…広がる「ソウル病」"),
    ("bethpage black", "US", "en", "second-serve", 20_000, "Bethpage awakes before dawn for the first tee"),
    ("شتاء دبي", "AE", "ar", "harvest-table", 1000, "مهرجان الطعام يعود إلى المدينة"),
)
LEFT_ALONE: Final = (
    ("perrie edwards", "GB", "blocked", "illness: 'miscarriage' in headline 1"),
    ("тигран кеосаян", "US", "blocked", "death: 'умер' in headline 1"),
    ("屋久島", "JP", "blocked", "disaster: '遭難' in headline 2"),
    ("wall street journal", "US", "ignored", "no campaign answers it"),
    ("宋家豪", "JP", "ignored", "harvest-table: below its minimum volume (100 of 500)"),
    ("mosaic reveal", "GB", "held", "no headline explains it: a person decides"),
    ("lapland ", "GB", "duplicate", "the same trend as sig-lapland, seen an hour before"),
    ("ryder cup 2023", "GB", "expired", "expired two hours before it was read"),
)


@dataclass
class Story:
    """The events of a run in the order in which they happened, and the images by key."""

    events: list[Event] = field(default_factory=list)
    images: dict[str, bytes] = field(default_factory=dict)

    def add(self, *events: Event) -> None:
        """Append `events`."""
        self.events.extend(events)


def draw(palette: Palette, variant: int, size: Size, words: str) -> bytes:
    """A JPEG in the colours of `palette`: ground, a disc, a block and a few words; differs by `variant`."""
    image = Image.new(
        "RGB", (size.width, size.height), (palette.primary, palette.paper, palette.secondary)[variant % 3]
    )
    pen = ImageDraw.Draw(image)
    unit = min(size.width, size.height)
    left, top = unit * (variant % 5) // 8, unit * (variant % 7) // 12
    pen.ellipse((left, top, left + unit * 0.7, top + unit * 0.7), fill=palette.accent)
    pen.rectangle((0, size.height * 0.74, size.width, size.height), fill=palette.ink)
    pen.text((unit * 0.06, size.height * 0.79), words, fill=palette.paper, font_size=unit * 0.09)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()


def whole_run(drafts: int = 6, formats: Sequence[Format] = ALL_FORMATS) -> Story:
    """Four answered signals and eight that are left alone; the last brief fails for a refusal."""
    story = Story()
    for topic, market, name, reason in LEFT_ALONE:
        signal = make.make_signal(
            topic.strip(), market=market, language=None, volume=500, observed_at=make.after(len(topic))
        )
        story.add(signal, make.make_signal_outcome(signal, name, reason=reason))
    for place, (topic, market, language, brand, volume, headline) in enumerate(ANSWERED):
        signal = make.make_signal(
            topic, market=market, language=language, volume=volume, headlines=(Headline(text=headline, source="Daily"),)
        )
        _add_brief(story, signal, brand, drafts, tuple(formats), failing=place == len(ANSWERED) - 1)
    story.add(make.make_dead_letter())
    return story


def _add_brief(
    story: Story, signal: Signal, campaign: str, drafts: int, formats: tuple[Format, ...], *, failing: bool
) -> None:
    plan = TierPlan(drafts=drafts, promote=1, draft_format="portrait")
    brief = make.make_brief(signal, campaign_id=campaign, brand=BRANDS[campaign], plan=plan, formats=formats)
    story.add(
        signal, make.make_signal_outcome(signal, "briefed", reason="1 campaign answers", briefs=(brief.brief_id,))
    )
    story.add(brief)
    if failing:
        _add_failure(story, brief)
        return
    made = [_add_draft(story, brief, variant) for variant in range(drafts)]
    _add_final(story, brief, made[2 % drafts])


def _add_failure(story: Story, brief: Brief) -> None:
    for variant in range(brief.plan.drafts):
        job = make.make_draft_job(brief, variant)
        story.add(make.make_failure(job, spent_usd=0.0001, reason="the content policy said no: write another subject"))
    reason = "no draft was made: the content policy refused every one"
    story.add(make.make_brief_outcome(brief, "failed", reason=reason, promoted=0, refined=0))


def _add_draft(story: Story, brief: Brief, variant: int) -> Draft:
    size = brief.draft_format.size.scaled_to(512)
    draft = make.make_draft(brief, variant, image=_keep(story, brief.brand, variant, size, brief.signal.topic))
    card = make.make_scorecard(draft, measurements=_measured(variant))
    story.add(draft, make.make_lineage("draft-made", draft.job.job_id, brief_id=brief.brief_id), card)
    return draft


def _add_final(story: Story, brief: Brief, winner: Draft) -> None:
    reasons = ["headline contrast 7.1:1, 4.5:1 needed", "brand colours on 31 % of the image", "unlike its siblings"]
    story.add(make.make_promoted(winner, score=0.84, reasons=reasons))
    promotion = make.make_promotion(winner, score=0.84, reasons=tuple(reasons))
    finals: list[Refinement] = []
    for form in brief.formats:
        image = _keep(story, brief.brand, winner.job.variant, form.size, brief.signal.topic)
        final = make.make_refinement(brief, winner, form=form, promotion=promotion, image=image)
        finals.append(final)
        story.add(final, _drift_card(final))
    asset = make.make_asset(brief, winner, tuple(finals))
    story.add(asset, asset, make.make_brief_outcome(brief, assets=(asset.asset_id,)))


def _keep(story: Story, brand: BrandKit, variant: int, size: Size, words: str) -> ImageRef:
    data = draw(brand.palette, variant, size, words if words.isascii() else brand.name)
    ref = make.make_image(data=data, size=size)
    story.images[ref.key] = data
    return ref


def _measured(variant: int) -> tuple[Measurement, ...]:
    step = (variant * 37 % 11) / 11
    return (
        make.make_measurement("technical.sharpness", round(900 + 800 * step), unit="grey levels squared", high=1e6),
        make.make_measurement("text.contrast", round(3 + 9 * step, 2), unit="contrast ratio", low=1, high=21),
        make.make_measurement("brand_colour.coverage", round(0.1 + 0.4 * step, 3), unit="share of pixels"),
        make.make_measurement(
            "technical.clipped_highlights", round(0.02 * step, 4), unit="share of pixels", better="lower"
        ),
    )


def _drift_card(final: Refinement) -> Scorecard:
    drift = (
        make.make_measurement("drift.structure", 0.93, unit="SSIM", measured_by="drift"),
        make.make_measurement("drift.palette", 1.8, unit="CIEDE2000", high=100, better="lower", measured_by="drift"),
    )
    return make.make_scorecard(final, drift=drift)
