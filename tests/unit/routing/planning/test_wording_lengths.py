"""The lengths of a line are part of the copy, their slots filled."""

from __future__ import annotations

from routing.planning.wording import wording
from schemas.brands import CopyLines
from tests.support.inputs import make_brief, make_signal

LINES = CopyLines.model_validate(
    {
        "headline": [["Searching for {topic}? Start here.", "{topic}? Start here.", "Start here."]],
        "line": ["All of it."],
        "call_to_action": ["Go"],
    }
)


def test_the_lengths_of_the_chosen_line_are_filled_in():
    copy = wording(make_brief(make_signal("lapland"), copy_lines=LINES), 0)
    assert copy.headline == "Searching for Lapland? Start here."
    assert copy.shorter == {"headline": ("Lapland? Start here.", "Start here.")}


def test_a_length_with_a_slot_is_left_out_if_the_topic_is_too_long():
    copy = wording(
        make_brief(make_signal("a topic that is far too long to fit into any line of copy"), copy_lines=LINES), 0
    )
    assert copy.shorter == {"headline": ("Start here.",)}
