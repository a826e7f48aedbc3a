"""Candidates with one thing wrong: drafts of the composer and ads over photographs, damaged as a model damages them.

Each case is a whole draft of a brief of its own: board, refiner and scorer treat it as any other. Its
model is called `an-unknown-model`: an image without a scene, like those of the models on the network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np

from bench.eye.defect_images import SampleAd, photographs_of, through_jpeg
from bench.eye.photo_ads import lay_out, without_copy
from bench.eye.planting import clutter, crowded_logo, misspelt_line
from bench.pipeline.orders import brief_of
from imaging.decode import decode
from imaging.pixels import BgraImage, BgrImage
from infra.providers.composer import ComposerProvider
from routing.planning.plan import draft_jobs
from schemas.brands import BrandKit, Palette
from schemas.briefs import Brief
from schemas.campaigns import Campaign
from schemas.drafts import DraftJob
from schemas.images import Region
from schemas.refinements import Diagnosis

_FOOT: Final = 0.955
"""Where the brand's bar begins, as a share of the height."""
NEURAL: Final = "real-esrgan-x2"
"""Enlarges and does nothing else (`pip install "brushfire[neural]"`)."""
UNKNOWN_MODEL: Final = "an-unknown-model"
SQUARE_FORMS: Final = ("square", "portrait")


@dataclass(frozen=True)
class Case:
    """A draft: its brief and job, its image (BGR), and the regions that its model reports."""

    planted: str
    expected: Diagnosis
    brief: Brief
    job: DraftJob
    pixels: BgrImage
    regions: tuple[Region, ...]


@dataclass(frozen=True)
class Fault:
    """What is planted, the diagnosis that an operator would give, and whether the model reports its text."""

    name: str
    expected: Diagnosis
    spoil: Callable[[SampleAd, np.random.Generator], SampleAd]
    reported: bool = True
    refine_model: str = "composer-refine"
    palette_turned: bool = False
    copyless: bool = False


def flat_light(image: SampleAd, rng: np.random.Generator) -> SampleAd:
    """A grey veil: a fifth to a third of the contrast is left, in the middle tones; logo and the brand's bar stay."""
    left, middle = rng.uniform(0.2, 0.32), rng.uniform(105.0, 150.0)
    veiled = middle + (image.draft.astype(np.float64) - middle) * left
    out = np.clip(np.rint(veiled), 0, 255).astype(np.uint8)
    return replace(image, draft=_with_parts(out, image.draft, image.draft_regions))


def as_it_is(image: SampleAd, _: np.random.Generator) -> SampleAd:
    """Nothing is planted."""
    return image


def garbled(image: SampleAd, rng: np.random.Generator) -> SampleAd:
    """Two lines of the copy are set again with wrong letters, as image models spell."""
    once = misspelt_line(replace(image, final=image.draft, final_regions=image.draft_regions), rng)
    return replace(image, draft=misspelt_line(once, rng).final)


FAULTS: Final = (
    Fault("a grey veil, no copy set", "flat-light", flat_light, copyless=True),
    Fault("no copy set", "garbled-copy", as_it_is, copyless=True),
    Fault("another brand's colours", "off-brand-background", as_it_is, palette_turned=True),
    Fault("misspelt copy, nothing reported", "garbled-copy", garbled, reported=False),
    Fault("clutter behind the copy", "garbled-copy", clutter),
    Fault("a crowded logo", "wrong-structure", crowded_logo),
    Fault("nothing planted", "small-and-clean", as_it_is),
    Fault("nothing planted, neural upscaler", "small-and-clean", as_it_is, refine_model=NEURAL),
)


async def cases(
    campaigns: list[Campaign], logos: dict[str, BgraImage], composer: ComposerProvider, fault: Fault, count: int
) -> Iterator[Case]:
    """`count` cases of `fault`, composed and photographed by turns."""
    photographs = [photograph for _, photograph in photographs_of()]
    made: list[Case] = []
    for n in range(count):
        campaign = _one_form(campaigns[n % 3], SQUARE_FORMS[n // 3 % 2])
        brief = _refined_by(brief_of(campaign, 1), fault.refine_model)
        (job,) = draft_jobs(brief)
        brand = _turned(campaign.brand) if fault.palette_turned else campaign.brand
        photograph = photographs[n // 2 % len(photographs)]
        if fault.copyless:
            logo = logos[campaign.campaign_id]
            pixels, regions = without_copy(photographs[n % len(photographs)], brand, logo, job.request.size)
        elif n % 2:
            request = job.request
            pixels, regions = lay_out(
                photograph, brand, logos[campaign.campaign_id], request.prompt.wording, request.size,
                on_panel=n % 4 == 1,
            )  # fmt: skip
        else:
            pixels, regions = await _composed(composer, job, brand)
        image = _image(fault.name, campaign, job, logos[campaign.campaign_id], through_jpeg(pixels, 90), regions)
        spoilt = fault.spoil(image, np.random.default_rng([2026, n]))
        regions = spoilt.draft_regions if fault.reported else ()
        made.append(Case(fault.name, fault.expected, brief, job, through_jpeg(spoilt.draft, 90), regions))
    return iter(made)


async def _composed(composer: ComposerProvider, job: DraftJob, brand: BrandKit) -> tuple[BgrImage, tuple[Region, ...]]:
    prompt = job.request.prompt.model_copy(update={"brand": brand})
    made = await composer.collect(await composer.submit(job.request.model_copy(update={"prompt": prompt})))
    return decode(made.data), made.regions


def _image(
    name: str, campaign: Campaign, job: DraftJob, logo: BgraImage, draft: BgrImage, regions: tuple[Region, ...]
) -> SampleAd:
    wording = job.request.prompt.wording
    return SampleAd(name, campaign, job.form, wording, logo, draft, regions, draft, regions)


def _refined_by(brief: Brief, model: str) -> Brief:
    if model == brief.plan.refine_model:
        return brief
    plan = brief.plan.model_copy(update={"refine_model": model})
    return brief.model_copy(update={"plan": plan, "refine_operations": ("upscale",)})


def _one_form(campaign: Campaign, name: str) -> Campaign:
    form = next(form for form in campaign.formats if form.name == name)
    plan = campaign.plan.model_copy(update={"draft_format": None})
    return campaign.model_copy(update={"formats": (form,), "plan": plan})


def _turned(brand: BrandKit) -> BrandKit:
    """The kit with its hues turned by a third of the circle; paper and ink stay."""
    palette = brand.palette
    turned = {role: _hue_turned(getattr(palette, role)) for role in ("primary", "secondary", "accent")}
    return brand.model_copy(update={"palette": Palette(**turned, paper=palette.paper, ink=palette.ink)})


def _hue_turned(colour: str) -> str:
    rgb = np.array([[list(bytes.fromhex(colour[1:]))]], dtype=np.uint8)
    hsv = cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV)
    hsv[..., 0] = (hsv[..., 0].astype(int) + 60) % 180
    red, green, blue = cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)[0, 0]
    return f"#{red:02x}{green:02x}{blue:02x}"


def _with_parts(changed: BgrImage, original: BgrImage, regions: tuple[Region, ...]) -> BgrImage:
    """`changed` with copy, logo and foot of `original`: what is set over an image does not fade with it."""
    height, width = original.shape[:2]
    foot = round(_FOOT * height)
    changed[foot:] = original[foot:]
    for region in regions:
        if region.role != "product":
            box = region.box
            rows = slice(max(0, round(box.top * height) - 4), round(box.bottom * height) + 4)
            columns = slice(max(0, round(box.left * width) - 4), round(box.right * width) + 4)
            changed[rows, columns] = original[rows, columns]
    return changed
