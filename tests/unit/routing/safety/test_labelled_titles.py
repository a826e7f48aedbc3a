"""The three hundred titles labelled by hand: recall and precision stay above their targets."""

from __future__ import annotations

import json
from collections import Counter

from bench.eye.safety import TITLES, judged_titles, title_figures
from infra.lexicons import load_lexicons
from routing.safety.screening import SignalScreen
from schemas.safety import Lexicon, Term


def test_the_file_says_how_titles_were_drawn_and_labelled():
    head = json.loads(TITLES.read_text("utf-8").splitlines()[0])
    assert head["seed"] == 20261122
    assert set(head["labels"]) == {"block", "pass", "either"}


def test_recall_and_precision_meet_their_targets():
    titles = judged_titles(SignalScreen(load_lexicons()))
    assert Counter(one.label for one in titles) == {"block": 61, "pass": 208, "either": 31}
    missed = [(figure.figure, figure.value) for figure in title_figures(titles) if figure.met is False]
    assert missed == []


def test_a_poor_lexicon_misses_the_target():
    poor = Lexicon(language="zh", version="1", terms=(Term(text="死", category="death"),))
    missed = [figure.figure for figure in title_figures(judged_titles(SignalScreen((poor,)))) if figure.met is False]
    assert "recall: of these blocked" in missed
