"""The report is self-contained, inert for any text, complete, and small enough for a mail."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from tests.support import factories as make
from tests.support.scenario import whole_run
from tests.unit.workers.reporting.hostile import hostile_view
from workers.reporting.report import render_report
from workers.reporting.run_view import RunView

VOID = {"meta", "img", "link", "br", "hr", "input"}


class Page(HTMLParser):
    """The elements and the text of a page; checks that what opens also closes."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(source)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def report(view, images=None):
    return render_report(view, images or {}, title="A run", generated_at=make.NOW)


@pytest.fixture(scope="module")
def story():
    return whole_run(drafts=4)


@pytest.fixture(scope="module")
def source(story):
    view = RunView()
    view.apply_all(story.events)
    return report(view, story.images)


def test_nothing_is_fetched_and_nothing_runs(source):
    page = Page(source)
    assert not {"script", "link", "iframe", "object", "base", "form"} & {tag for tag, _ in page.elements}
    for _, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert (attributes.get("src") or "data:image/jpeg;base64,").startswith("data:image/jpeg;base64,")
        assert (attributes.get("href") or "#").startswith("#")
    assert not re.search(r"url\(|@import", source)


def test_the_policy_admits_the_one_style_sheet_by_its_hash(source):
    style = re.search(r"<style>(.*?)</style>", source, re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = next(a["content"] for tag, a in Page(source).elements if a.get("http-equiv"))
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert f"style-src 'sha256-{digest}'" in policy


def test_links_within_the_page_lead_somewhere_and_ids_are_unique(source):
    elements = Page(source).elements
    ids = [a["id"] for _, a in elements if "id" in a]
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for tag, a in elements if tag == "a"} <= set(ids)


def test_every_signal_brief_draft_and_final_is_there(story, source):
    page = Page(source)
    text = " ".join(" ".join(page.words).split())
    for topic in ("lapland", "韓国旅行", "شتاء دبي", "тигран кеосаян", "屋久島"):
        assert topic in text
    assert text.count("promoted, place 1") == 3
    images = [a for tag, a in page.elements if tag == "img"]
    assert len(images) == 3 * 4 + 3 * 4
    assert all(image["alt"] for image in images)
    assert "the content policy said no" in text
    assert "4 draft jobs" in text


def test_text_has_its_language_and_direction(source):
    spans = [a for tag, a in Page(source).elements if tag == "span" and a.get("lang") == "ar"]
    assert spans
    assert all(span["dir"] == "auto" for span in spans)


def test_untrusted_text_has_no_effect():
    view = hostile_view()
    source = report(view)
    page = Page(source)
    assert "script" not in {tag for tag, _ in page.elements}
    assert not [a for _, a in page.elements if any(name.startswith("on") for name in a)]
    assert "<script>alert(1)</script>" in "".join(page.words)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", source)


def test_a_missing_or_broken_image_is_reported(story):
    view = RunView()
    view.apply_all(story.events)
    broken = dict.fromkeys(story.images, b"not an image")
    for images in ({}, broken):
        assert report(view, images).count("the image is missing") == 24


def test_a_brief_that_has_not_arrived_is_no_dead_link():
    view = RunView()
    view.apply(make.make_signal_outcome(name="briefed", briefs=("brf-later",)))
    assert "brf-later" not in report(view)


def test_an_empty_run_is_a_page_too():
    text = " ".join(Page(report(RunView())).words)
    assert "No signal was read." in text
    assert "No signal led to a brief." in text


def test_a_hundred_drafts_and_forty_finals_stay_below_eight_megabytes():
    view, images = RunView(), {}
    ramp = np.linspace(40, 200, 1080)[:, None, None] + np.zeros((1, 1080, 3))
    grain = np.random.default_rng(7).normal(0, 4, (1080, 1080, 3))
    textured = Image.fromarray((ramp + grain).clip(0, 255).astype("uint8"))

    def kept(side, number):
        out = io.BytesIO()
        textured.resize((side, side)).save(out, "JPEG", quality=88)
        data = out.getvalue() + number.to_bytes(4, "big")  # bytes after the end mark make it another object
        ref = make.make_image(data=data, size={"width": side, "height": side})
        images[ref.key] = data
        return ref

    for number in range(10):
        brief = make.make_brief(make.make_signal(f"topic {number}"))
        drafts = [make.make_draft(brief, v, image=kept(512, number * 10 + v)) for v in range(10)]
        finals = [
            make.make_refinement(brief, drafts[0], form=form, image=kept(1080, 1000 + number * 4 + place))
            for place, form in enumerate(brief.formats)
        ]
        view.apply_all([brief, *drafts, *finals, make.make_asset(brief, drafts[0], tuple(finals))])
    source = report(view, images)
    assert source.count("<img") == 140
    assert len(source) < 8_000_000
