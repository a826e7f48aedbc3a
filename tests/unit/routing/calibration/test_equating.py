from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from routing.calibration.equating import equate, equated, may_be_equated, moved_limits, read_as
from routing.scoring.criteria import GATES
from schemas.calibration import Calibration, Equating
from tests.support.factories import make_measurement, make_refinement, make_scorecard
from tests.unit.routing.calibration.cards import card

samples = st.lists(st.floats(1.0, 21.0), min_size=5, max_size=60)
HEADLINE = "text.contrast.headline"


@given(samples, samples, st.floats(1.0, 21.0), st.floats(0.0, 5.0))
def test_equating_keeps_the_order_within_reach(before, after, value, more):
    equating = equate(HEADLINE, before, after)
    low, high = sorted((max(value, equating.low), max(value, equating.low) + more))
    if high <= equating.high:
        assert read_as(equating, low) <= read_as(equating, high) + 1e-9


@given(samples, samples)
@example([2.0, 2.0, 2.0, 1.9, 1.9], [2.0, 2.0, 2.0, 1.9, 1.9])
def test_the_median_is_equated_to_the_median(before, after):
    equating = equate("technical.noise", sorted(before), sorted(after))
    measured = dict(equating.points)
    middle = sorted(after)[len(after) // 2] if len(after) % 2 else None
    if middle is not None and len(set(after)) == len(after):
        assert min(before) <= read_as(equating, round(middle, 6)) <= max(before)
    assert set(measured.values()) <= {float(v) for v in measured.values() if min(before) <= v <= max(before)}


def test_a_value_beyond_its_reach_is_unchanged():
    equating = equate(HEADLINE, [6.0, 7.0, 8.0], [3.0, 4.0, 5.0])
    assert read_as(equating, 4.0) == pytest.approx(7.0)
    assert read_as(equating, 1.9) == 1.9
    assert GATES[HEADLINE].fails(read_as(equating, 1.9))


def test_limits_use_the_inverse_of_equating():
    equating = Equating(measurement=HEADLINE, points=((2.0, 3.0), (4.0, 6.0)), low=1.0, high=21.0)
    (limit,) = moved_limits([equating])
    assert limit.after == pytest.approx(2.0)
    lower = Equating(measurement=HEADLINE, points=((1.0, 3.0), (4.0, 6.0)), low=2.0, high=21.0)
    assert moved_limits([lower])[0].after == 2.0
    blur = Equating(measurement="technical.edge_blur", points=((3.0, 2.0),), low=0.0, high=3.2)
    assert (moved_limits([blur])[0].side, moved_limits([blur])[0].after) == ("most", 3.2)


def test_an_equated_card_stays_within_its_scale():
    calibration = Calibration(
        model="m", version="2",
        equatings=(Equating(measurement="logo.crowding", points=((0.0, 5.0),), low=-1e9, high=1e9),
                   Equating(measurement="text.contrast", points=((3.0, 30.0),), low=1.0, high=21.0)),
    )  # fmt: skip
    read = equated(card({"text.contrast": 3.0, "logo.match": 0.9}), calibration)
    assert (read.value("text.contrast"), read.value("logo.match")) == (21.0, 0.9)


def test_of_a_refinement_only_the_drift_is_equated():
    drift = (make_measurement("drift.structure", 0.65, low=-1.0, high=1.0),)
    text = (make_measurement("text.contrast", 2.5, low=1.0, high=21.0),)
    made = make_scorecard(make_refinement(), drift=drift, measurements=text)
    equatings = (
        Equating(measurement="drift.structure", points=((0.65, 0.8),), low=0.6, high=1.0),
        Equating(measurement="text.contrast", points=((2.5, 6.0),), low=2.0, high=21.0),
    )
    read = equated(made, Calibration(model="m", version="2", equatings=equatings))
    assert (read.value("drift.structure"), read.value("text.contrast")) == (pytest.approx(0.8), 2.5)


def test_safety_margins_logo_and_novelty_are_never_equated():
    assert not any(map(may_be_equated, ("safety.nudity", "text.inside_safe_area", "logo.match", "novelty.published")))
    assert may_be_equated("technical.noise")
    assert not may_be_equated("technical.unheard_of")


def test_points_that_do_not_ascend_are_rejected():
    with pytest.raises(ValueError, match="ascend"):
        Equating(measurement="a", points=((1.0, 2.0), (2.0, 1.0)), low=0.0, high=1.0)
    with pytest.raises(ValueError, match="nothing to equate"):
        equate("a", [], [1.0])
