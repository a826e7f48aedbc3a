from dataclasses import replace
from multiprocessing import get_context

import cv2
import numpy as np
import pytest

from imaging.measures import subject as subject_module
from imaging.measures.text.wording import plain, wrong_letters
from routing.planning.plan import draft_jobs
from schemas.campaigns import ScoreWeights
from schemas.errors import BadOutput
from schemas.images import Box, Region
from tests.support.factories import NOW, SQUARE, make_brand, make_brief, make_draft, make_refinement
from tests.unit.imaging.measures.ads import PALETTE, Ad, encoded
from tests.unit.imaging.measures.test_logo_search import LOGO, laid
from workers.scoring.cards import CHECKS, Surroundings, prepare_process, score_draft, score_refinement

AD = Ad()
PIXELS, REGIONS = AD.draw()
BRIEF = make_brief(brand=make_brand(palette=PALETTE), formats=(SQUARE,), draft_format=SQUARE)
DRAFT = make_draft(BRIEF, variant=3, regions=REGIONS)
FINAL = make_refinement(BRIEF, DRAFT, regions=REGIONS)


def test_a_draft_card_names_its_draft_and_holds_every_check():
    card = score_draft(DRAFT, encoded(PIXELS), now=NOW, seconds=0.02)
    assert (card.subject, card.job_id, card.candidate_id, card.variant) == (
        "draft",
        DRAFT.job.job_id,
        DRAFT.job.job_id,
        3,
    )
    assert (card.brief_id, card.campaign_id, card.lane) == (BRIEF.brief_id, BRIEF.campaign_id, BRIEF.lane)
    assert (card.image, card.price_usd, card.model) == (
        DRAFT.generation.image,
        DRAFT.generation.price_usd,
        DRAFT.generation.model,
    )
    assert (card.measured_at, card.seconds, card.drift) == (NOW, 0.02, ())
    assert {m.measured_by for m in card.measurements} == {check.name for check in CHECKS} - {"logo", "published"}
    assert card.value("text.contrast.headline") > 4.5


def test_a_refinement_card_compares_with_the_candidate():
    large, _ = AD.but(width=1080, height=1080).draw()
    card = score_refinement(FINAL, encoded(large), encoded(PIXELS), now=NOW)
    assert (card.subject, card.job_id, card.candidate_id) == ("refinement", FINAL.job.job_id, DRAFT.job.job_id)
    assert card.value("drift.structure") > 0.9
    assert card.value("text.contrast.headline") > 4.5


def test_a_line_that_was_set_at_a_smaller_length_is_measured_as_it_was_set():
    prompt, set_text = FINAL.job.request.prompt, REGIONS[0].text
    long = f"{set_text} and on to wherever the last train of the year may go"

    def found(shorter):
        update = {"headline": long, "line": "", "call_to_action": "", "legal": "", "shorter": shorter}
        words = prompt.wording.model_copy(update=update)
        request = FINAL.job.request.model_copy(update={"prompt": prompt.model_copy(update={"wording": words})})
        final = FINAL.model_copy(update={"job": FINAL.job.model_copy(update={"request": request})})
        return score_refinement(final, encoded(PIXELS), encoded(PIXELS), now=NOW).value("wording.found")

    assert found({"headline": (set_text,)}) == 1.0
    assert found({}) == 0.0


@pytest.mark.parametrize("broken", [b"", b"not an image", encoded(PIXELS)[:2000]])
def test_what_is_no_image_is_bad_output(broken):
    with pytest.raises(BadOutput):
        score_draft(DRAFT, broken, now=NOW)
    with pytest.raises(BadOutput):
        score_refinement(FINAL, encoded(PIXELS), broken, now=NOW)


def test_a_card_is_the_same_from_another_process():
    data = encoded(PIXELS)
    with get_context("spawn").Pool(1, initializer=prepare_process) as pool:
        elsewhere = pool.apply(score_draft, (DRAFT, data), {"now": NOW})
    assert elsewhere == score_draft(DRAFT, data, now=NOW)


def test_regions_come_from_the_generation():
    silent = DRAFT.model_copy(update={"generation": DRAFT.generation.model_copy(update={"regions": ()})})
    card = score_draft(silent, encoded(PIXELS), now=NOW)
    assert card.value("text.contrast") is None
    assert card.value("technical.sharpness") is not None


def test_the_safe_area_is_that_of_the_format():
    outside, regions = replace(AD, headline_at=(0.0, 0.62)).draw()
    draft = make_draft(BRIEF, regions=regions)
    assert score_draft(draft, encoded(outside), now=NOW).value("text.inside_safe_area") < 1.0


def shelf_logo():
    return cv2.cvtColor(np.pad(np.full((20, 80, 3), 40, np.uint8), ((4, 4), (4, 4), (0, 0))), cv2.COLOR_BGR2BGRA)


def test_logo_and_published_images_are_measured_where_they_are_known():
    regions = (*REGIONS, Region(role="logo", box=Box(left=0.1, top=0.1, right=0.3, bottom=0.16)))
    first = score_draft(make_draft(BRIEF, regions=regions), encoded(PIXELS), now=NOW)
    around = Surroundings(logo=shelf_logo(), published=(first.signature,))
    card = score_draft(make_draft(BRIEF, regions=regions), encoded(PIXELS), now=NOW, around=around)
    assert card.value("logo.match") < 0.6
    assert card.value("novelty.published") == 0.0


def test_text_is_read_of_refinements_and_of_drafts_that_can_win_and_report_no_text():
    read = "wording.found"
    assert score_draft(DRAFT, encoded(PIXELS), now=NOW).value(read) is None
    silent = DRAFT.model_copy(update={"generation": DRAFT.generation.model_copy(update={"regions": ()})})
    assert score_draft(silent, encoded(PIXELS), now=NOW).value(read) is not None
    blurred = cv2.GaussianBlur(PIXELS, (0, 0), 6)
    assert score_draft(silent, encoded(blurred), now=NOW).value(read) is None
    assert score_refinement(FINAL, encoded(PIXELS), encoded(PIXELS), now=NOW).value(read) is not None


def test_the_card_has_what_is_read_in_the_whole_image():
    assert score_draft(DRAFT, encoded(PIXELS), now=NOW).text_read == ()
    silent = DRAFT.model_copy(update={"generation": DRAFT.generation.model_copy(update={"regions": ()})})
    reported = next(region for region in REGIONS if region.role == "headline")
    read = score_draft(silent, encoded(PIXELS), now=NOW).text_read
    line = max(read, key=lambda line: wrong_letters(plain(AD.headline), plain(line.text)) * -1)
    assert plain(line.text) == plain(AD.headline)
    assert 0.5 < line.confidence <= 1.0
    assert abs(line.box.left - reported.box.left) < 0.03
    assert abs(line.box.bottom - reported.box.bottom) < 0.03


def test_the_whole_image_is_read_once(monkeypatch):
    readings = []
    monkeypatch.setattr(subject_module, "read_image", lambda bgr, by: readings.append(bgr.shape) or [])
    silent = DRAFT.model_copy(update={"generation": DRAFT.generation.model_copy(update={"regions": ()})})
    assert score_draft(silent, encoded(PIXELS), now=NOW).text_read == ()
    assert readings == [PIXELS.shape]


def test_a_refinement_misses_the_logo_that_its_candidate_had():
    pixels = laid(PIXELS, LOGO, 20, 20, 150)
    silent = FINAL.model_copy(update={"generation": FINAL.generation.model_copy(update={"regions": ()})})
    around = Surroundings(logo=LOGO)

    def match(final, candidate):
        return score_refinement(silent, encoded(final), encoded(candidate), now=NOW, around=around).value("logo.match")

    assert match(pixels, pixels) > 0.8
    assert match(PIXELS, pixels) < 0.6
    assert match(PIXELS, PIXELS) is None


def test_a_card_carries_the_weights_of_its_campaign():
    weights = ScoreWeights(legibility=3.0)
    brief = make_brief(brand=make_brand(palette=PALETTE), formats=(SQUARE,), draft_format=SQUARE, weights=weights)
    assert draft_jobs(brief)[0].weights == weights
    draft = make_draft(job=draft_jobs(brief)[0], regions=REGIONS)
    assert score_draft(draft, encoded(PIXELS), now=NOW).weights == weights
