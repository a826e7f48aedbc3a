"""The limits, tried on real drafts: the default model's clean work is not gated, and its refinements do not drift."""

import io

import pytest
from PIL import Image, ImageDraw

from infra.providers.composer import ComposerProvider
from routing.scoring.drift import drift_verdict
from routing.scoring.score import overall
from schemas.brands import Artwork
from schemas.identifiers import content_key
from schemas.images import ImageRef, Size
from tests.support.factories import (
    NOW,
    PORTRAIT,
    make_brand,
    make_brief,
    make_draft,
    make_draft_job,
    make_refine_job,
    make_refinement,
    make_request,
)
from tests.unit.imaging.measures.ads import PALETTE
from workers.scoring.cards import score_draft, score_refinement


class Shelf:
    """Images by key."""

    def __init__(self):
        self.blobs = {}

    async def read(self, key):
        return self.blobs[key]

    def keep(self, data, media_type, size):
        key = content_key(data, media_type)
        self.blobs[key] = data
        return ImageRef(key=key, media_type=media_type, size=size, bytes=len(data))

    def artwork(self, name, colour):
        image = Image.new("RGBA", (400, 400))
        ImageDraw.Draw(image).rounded_rectangle((90, 20, 310, 380), 60, fill=colour)
        buffer = io.BytesIO()
        image.save(buffer, "PNG")
        return Artwork(path=name, image=self.keep(buffer.getvalue(), "image/png", Size(width=400, height=400)))


@pytest.fixture(scope="module")
def shelf():
    return Shelf()


@pytest.fixture(scope="module")
def brief(shelf):
    brand = make_brand(
        palette=PALETTE,
        logo=shelf.artwork("logo.png", PALETTE.primary),
        products=(shelf.artwork("product.png", PALETTE.accent),),
    )
    return make_brief(brand=brand, formats=(PORTRAIT,), draft_format=PORTRAIT)


async def drawn(composer, shelf, request):
    made = await composer.collect(await composer.submit(request))
    return made, shelf.keep(made.data, made.media_type, made.size)


async def drafted(composer, shelf, brief, seed):
    """A draft by `seed`: the event, its bytes and its scene."""
    job = make_draft_job(brief, variant=seed)
    made, image = await drawn(composer, shelf, job.request)
    return make_draft(job=job, image=image, regions=made.regions), made


async def test_clean_drafts_pass_and_their_refinements_hold(shelf, brief):
    composer = ComposerProvider(blobs=shelf.read)
    try:
        drafts = [await drafted(composer, shelf, brief, seed) for seed in range(8)]
        cards = [score_draft(draft, made.data, now=NOW) for draft, made in drafts]
        assert [overall(card).reasons for card in cards if overall(card).gates] == []

        draft, made = drafts[0]
        request = make_request(
            brief,
            operation="image-to-image",
            model=brief.plan.refine_model,
            size=PORTRAIT.size,
            safe_area=PORTRAIT.safe_area,
            references=(draft.generation.image,),
            strength=0.35,
            parameters=dict(made.parameters),
        )
        final, image = await drawn(composer, shelf, request)
    finally:
        await composer.close()
    job = make_refine_job(brief, draft, request=request)
    refinement = make_refinement(job=job, image=image, regions=final.regions)
    assert drift_verdict(score_refinement(refinement, final.data, made.data, now=NOW)).passed
    for _, other in drafts[1:]:
        assert not drift_verdict(score_refinement(refinement, final.data, other.data, now=NOW)).passed
