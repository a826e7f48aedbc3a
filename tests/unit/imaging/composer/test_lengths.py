"""Lines at several lengths: the longest that fits is set, and what is set is what is measured."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from imaging.composer.type.typography import lengths
from schemas.brands import Copy, CopyLines

LONG = (
    "In winter as in summer, from the first ferry to the last one: small-group trips, "
    "planned by the very people who have lived there for all of their lives"
)


def set_text(drawn, role: str = "headline") -> str:
    return next(region.text for region in drawn.regions if region.role == role)


def test_a_nested_list_is_one_line_at_several_lengths():
    lines = CopyLines.model_validate(
        {
            "headline": [["Go local", "Small trips with locals"], "Somewhere new"],
            "line": [["All of it in one booking.", "All in one."]],
            "call_to_action": "Book",
            "legal": ["Terms apply at every stay.", "Terms apply."],
        }
    )
    assert lines.headline == ("Small trips with locals", "Somewhere new")
    assert lines.legal == "Terms apply at every stay."
    assert lines.shorter == {
        "Small trips with locals": ("Go local",),
        "All of it in one booking.": ("All in one.",),
        "Terms apply at every stay.": ("Terms apply.",),
    }
    assert CopyLines.model_validate(lines.model_dump(mode="json")) == lines


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"shorter": {"Unknown": ["U"]}}, "none of the lines"),
        ({"shorter": {"Head": ["Longer than it"]}}, "no shorter than"),
        ({"headline": [["Head on", "Too {much}"]]}, "the only slot"),
        ({"headline": [["x" * 201, "x"]]}, "200 characters at most"),
        ({"headline": [[]]}, "string"),
    ],
)
def test_a_wrong_length_is_refused_with_the_reason(changes, reason):
    with pytest.raises(ValidationError, match=reason):
        CopyLines.model_validate({"headline": "Head", "line": "Line", "call_to_action": "Call", **changes})


def test_lengths_begin_with_the_longest_and_are_limited():
    many = tuple("x" * size for size in (5, 4, 3, 2, 1))
    copy = Copy(
        language="en", headline="x" * 6, line="x" * 6, call_to_action="x" * 6, legal="x" * 6,
        shorter=dict.fromkeys(("headline", "line", "call_to_action", "legal"), many),
    )  # fmt: skip
    tried = lengths(copy)
    sizes = [len(one.headline + one.line + one.call_to_action + one.legal) for one in tried]
    assert (sizes[0], sizes[-1]) == (24, 4)
    assert sizes == sorted(sizes, reverse=True)
    assert len(tried) <= 24


async def test_the_longest_line_that_fits_is_set(bench):
    words = bench.words("en", headline=LONG, line="", legal="", shorter={"headline": ("Small trips", "Trips")})
    story, banner = [
        set_text(await bench.draw(bench.request(form, words=words, long_side=256, parameters={"scene": scene})))
        for form, scene in (
            ("story", {"layout": "big_type", "ground": "mesh", "scheme": "ink", "height": 1777.8}),
            ("landscape", {"layout": "porthole", "ground": "mesh", "scheme": "ink", "height": 523.0}),
        )
    ]
    assert story == LONG
    assert banner == "Small trips"
    assert words.as_told({"headline": banner}).headline == "Small trips"
    assert words.as_told({"headline": story}).headline == LONG
    assert words.as_told({}) == words
