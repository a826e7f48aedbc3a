"""The terminal shows every figure, and untrusted text has no effect."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from tests.support import factories as make
from tests.support.scenario import whole_run
from tests.unit.workers.reporting.hostile import EVIL, hostile_view
from workers.reporting import words
from workers.reporting.lineage_tree import lineage_tree
from workers.reporting.run_view import RunView
from workers.reporting.tables import assets_table, outcomes_table
from workers.reporting.terminal import progress_panel, summary_table


def shown(renderable, width=120):
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system="truecolor")
    console.print(renderable)
    return console.file.getvalue()


def plain(renderable, width=120):
    console = Console(file=io.StringIO(), width=width)
    console.print(renderable)
    return console.file.getvalue()


@pytest.fixture(scope="module")
def view():
    run = RunView()
    run.apply_all(whole_run(drafts=4).events)
    return run


def test_the_panel_shows_stages_money_outcomes_and_steps(view):
    text = plain(progress_panel(view, 12.4))
    for word in ("drafts made", "12 of 12", "3 blocked", "3 delivered", "candidate promoted", "12 s", "$0.0"):
        assert word in text


def test_the_panel_of_an_empty_run_is_no_error():
    assert "0 of 0" in plain(progress_panel(RunView(), 0.0))


def test_the_summary_shows_what_the_flagship_would_have_cost(view):
    text = plain(summary_table(view, wall_s=41.0))
    summary = view.summary()
    assert f"({summary.flagship_only_usd / summary.cost_usd:.1f} times)" in text
    assert "41 s" in text


def test_the_tree_shows_the_whole_chain():
    brief = make.make_brief()
    draft = make.make_draft(brief)
    finals = tuple(make.make_refinement(brief, draft, form=form) for form in brief.formats)
    manifest = make.make_manifest(brief, draft, finals)
    text = plain(lineage_tree(manifest), width=220)
    chain = [manifest.asset.asset_id, brief.signal.signal_id, brief.brief_id, draft.job.job_id]
    places = [text.index(identifier) for identifier in (*chain, *(final.job.job_id for final in finals))]
    assert places == sorted(places)
    for part in manifest.asset.renditions:
        assert part.image.key in text
    for word in (f"seed {draft.generation.seed_sent}", "score 0.82", "drift: structure 0.93", "$0.00040"):
        assert word in text


def test_tables_show_outcomes_and_assets(view):
    text = plain(outcomes_table([*view.signal_outcomes.values(), *view.brief_outcomes.values()]), width=200)
    assert text.count("blocked") == 3
    assert "death: 'умер' in headline 1" in text
    assert "delivered" in text
    assert "square, portrait, story, landscape" in plain(assets_table(view.assets.values()), width=200)


def test_a_verdict_names_the_words_that_decided():
    verdict = make.make_verdict("blocked", findings=(make.make_finding(),))
    text = plain(outcomes_table([make.make_signal_outcome(name="blocked", reason="no", verdict=verdict)]), width=240)
    assert "“dies” (death, headline 1: Singer dies at 52)" in text


def test_untrusted_text_has_no_effect():
    view = hostile_view()
    manifest = make.make_manifest(make.make_brief(make.make_signal(EVIL)), software=EVIL)
    parts = [
        progress_panel(view, 1.0),
        summary_table(view),
        outcomes_table(view.signal_outcomes.values()),
        assets_table(view.assets.values()),
        lineage_tree(manifest),
    ]
    for part in parts:
        text = shown(part, width=2000)
        assert "\x1b]8" not in text
        assert "\x00" not in text
        assert "\u202e" not in text
        assert "\x07" not in text
    assert "[bold red]loud[/bold red]" in plain(parts[2], width=2000)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "–"),
        (0.04, "40 ms"),
        (1.25, "1.2 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (185, "3 min 5 s"),
        (7800, "2 h 10 min"),
    ],
)
def test_durations(seconds, text):
    assert words.duration(seconds) == text


@pytest.mark.parametrize(("amount", "text"), [(0, "$0.00"), (12.4, "$12.40"), (0.056, "$0.056"), (3e-6, "$0.0000030")])
def test_dollars(amount, text):
    assert words.dollars(amount) == text
