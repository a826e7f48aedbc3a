"""Of an edit only what was to be kept is compared."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from imaging.measures.drift.kept import fit_kept, kept_part
from imaging.measures.registry import measure_drift
from routing.scoring.drift import drift_verdict
from schemas.generations import Edit
from schemas.images import Box, ImageRef, Region, Size
from tests.support.factories import (
    NOW,
    SQUARE,
    make_brand,
    make_brief,
    make_draft,
    make_refine_job,
    make_refinement,
    make_request,
    make_scorecard,
)
from tests.unit.imaging.measures.ads import PALETTE, Ad, changed, encoded, subject
from workers.scoring.cards import Surroundings, score_refinement

AD = Ad()
DRAFT, FINAL = subject(AD), subject(AD.but(width=1080, height=1080))


def mask_png(kept):
    rgba = np.full((*kept.shape, 4), 255, np.uint8)
    rgba[..., 3] = kept * 255
    buffer = io.BytesIO()
    Image.fromarray(rgba).save(buffer, "PNG")
    return buffer.getvalue()


def disc(side=512):
    """True on the product of the ad."""
    kept = np.zeros((side, side), np.uint8)
    cv2.circle(kept, (round(0.7 * side), round(0.38 * side)), round(0.165 * side), 1, -1)
    return kept.astype(bool)


def on_new_ground(base):
    """The product of `base` on another ground."""
    pixels = np.full_like(base.pixels, (200, 60, 150))
    pixels[:: base.pixels.shape[0] // 8] = 20
    kept = disc(base.pixels.shape[0])
    pixels[kept] = base.pixels[kept]
    return changed(base, pixels)


def judged(refinement, kept, **how):
    return drift_verdict(
        make_scorecard(make_refinement(), drift=measure_drift(refinement, DRAFT, kept), measurements=()), **how
    )


def test_a_new_ground_passes_where_the_product_was_kept():
    other = on_new_ground(FINAL)
    how = {"operation": "masked-edit", "edit": "background"}
    assert judged(other, disc(), **how).passed
    assert not judged(other, None, **how).passed
    assert not judged(other, None).passed


def test_a_new_ground_fails_where_the_product_did_not_stay():
    other = on_new_ground(subject(AD.but(width=1080, height=1080, product=(0.66, 0.33))))
    verdict = judged(other, disc(), operation="masked-edit", edit="background")
    assert "drift.colour_spot" in verdict.broken


def test_a_light_that_is_asked_for_is_no_drift_but_another_shape_is():
    height, width = FINAL.pixels.shape[:2]
    sweep = np.linspace(1.25, 0.6, width)[None, :, None]
    lit = changed(FINAL, FINAL.pixels * sweep)
    assert not judged(lit, None).passed
    assert judged(lit, None, operation="relight").passed
    moved = subject(AD.but(width=1080, height=1080, product=(0.5, 0.3)))
    assert not judged(changed(moved, moved.pixels * sweep), None, operation="relight").passed
    assert height == width


def test_new_copy_is_no_drift_and_what_is_beside_it_is_compared():
    other = subject(AD.but(width=1080, height=1080, headline="Winter is near", size=0.08))
    kept = kept_part(None, Edit(target="copy", regions=DRAFT.regions), other.regions)
    how = {"operation": "masked-edit", "edit": "copy"}
    assert judged(other, kept, **how).passed
    elsewhere = subject(AD.but(width=1080, height=1080, headline="Winter is near", size=0.08, product=(0.4, 0.3)))
    assert not judged(elsewhere, kept, **how).passed


def test_the_kept_part_is_read_from_the_masks_alpha():
    kept = kept_part(mask_png(disc()), Edit(target="background"))
    assert kept.sum() == disc().sum()
    assert kept_part(None, None) is None
    assert kept_part(b"no image", Edit(target="background")) is None


def test_copy_is_cut_from_what_was_kept():
    whole = mask_png(np.ones((512, 512), bool))
    kept = kept_part(whole, Edit(target="copy", regions=DRAFT.regions))
    box = DRAFT.regions[0].box
    assert not kept[round((box.top + box.bottom) / 2 * 512), round((box.left + box.right) / 2 * 512)]
    assert kept[5, 5]


def test_a_button_is_cut_with_the_label_that_was_drawn_on_it():
    label = Region(role="call_to_action", box=Box(left=0.3, top=0.5, right=0.5, bottom=0.54), text="Go")
    kept = kept_part(None, Edit(target="copy"), (label,), 0.5)
    assert kept.shape == (512, 256)
    free = np.argwhere(~kept)
    assert free.min(axis=0) / 512 == pytest.approx((0.47, 0.11), abs=0.01)
    assert free.max(axis=0) / 512 == pytest.approx((0.57, 0.29), abs=0.01)


def test_a_part_without_a_rim_is_compared_and_none_where_little_is_left():
    fitted = fit_kept(disc(), (256, 256))
    assert 0 < fitted.sum() < disc(256).sum()
    dot = np.zeros((512, 512), bool)
    dot[:20, :20] = True
    assert fit_kept(dot, (256, 256)) is None


@pytest.mark.parametrize("asked", [True, False], ids=["with its mask", "without"])
def test_a_card_compares_by_the_mask_of_its_request(asked):
    brief = make_brief(brand=make_brand(palette=PALETTE), formats=(SQUARE,), draft_format=SQUARE)
    png = mask_png(disc())
    mask = ImageRef(key="a", media_type="image/png", size=Size(width=512, height=512), bytes=len(png))
    request = make_request(
        brief,
        operation="masked-edit",
        model=brief.plan.refine_model,
        mask=mask,
        edit=Edit(target="background"),
    )
    job = make_refine_job(brief, make_draft(brief), request=request)
    data, candidate = encoded(on_new_ground(FINAL).pixels), encoded(DRAFT.pixels)
    around = Surroundings(mask=png) if asked else Surroundings()
    card = score_refinement(make_refinement(job=job), data, candidate, now=NOW, around=around)
    assert (card.value("drift.structure") > 0.8) is asked
