from __future__ import annotations

from datetime import timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.calibration.watch import WARM_UP, Detector, Sample, alarm_in_words, samples_of, watch
from schemas.calibration import ModelVersion
from tests.support.factories import NOW
from tests.unit.routing.calibration.cards import BRIEFS, card, cards


def stream(seed: int, steady: int, moved: int = 0, by: float = -1.5):
    rng = np.random.default_rng(seed)
    samples = []
    for n in range(steady + moved):
        shift = by if n >= steady else 0.0
        values = {"score": float(rng.normal(shift)), "text.contrast": float(rng.lognormal())}
        samples.append(Sample(f"campaign-{n % 3}", values, NOW + timedelta(minutes=n)))
    return samples


def test_no_alarm_while_nothing_changes():
    assert [watch(stream(seed, 600)) for seed in range(20)] == [None] * 20


def test_a_shift_is_detected_within_some_dozens_of_briefs():
    for seed in range(20):
        alarm = watch(stream(seed, 150, 150))
        assert alarm is not None
        assert (alarm.measurement, alarm.rose) == ("score", False)
        assert timedelta(minutes=150) <= alarm.at - NOW <= timedelta(minutes=230)


def test_an_alarm_has_a_direction():
    alarm = watch(stream(3, 150, 150, by=1.5))
    assert alarm is not None
    assert alarm.rose
    said = alarm_in_words(alarm, ModelVersion(model="fast-model", version="1"))
    assert "fast-model@1" in said
    assert "the score rose" in said


def test_false_alarms_are_as_rare_as_promised():
    """The mean run to a false alarm is at least 100 briefs, measured on a hundred streams cut at 400."""
    lengths = []
    for seed in range(100):
        alarm = watch(stream(seed, 400), run_length=100.0)
        lengths.append(400 if alarm is None else (alarm.at - NOW) / timedelta(minutes=1) + 1)
    assert np.mean(lengths) >= 100


def test_a_campaign_that_starts_late_is_no_shift():
    late = [Sample("dark-campaign", {"score": value}, NOW) for value in np.random.default_rng(5).normal(-9, 1, 200)]
    known = [Sample("campaign", {"score": value}, NOW) for value in np.random.default_rng(6).normal(0, 1, 200)]
    assert watch([*known, *late]) is None


@settings(max_examples=40)
@given(st.lists(st.integers(-999, 999), min_size=30, max_size=40), st.integers(-3, 3))
def test_only_the_order_counts(values, power):
    def evidence(scale):
        detector = Detector()
        for value in values:
            detector.take("s", value * scale, NOW)
        return detector.evidence

    assert evidence(1.0) == evidence(2.0**power)


def test_first_values_only_rank_later_ones():
    detector = Detector()
    for value in range(WARM_UP):
        detector.take("s", value, NOW)
    assert detector.evidence == 0.0


def test_a_brief_is_one_value_for_any_number_of_drafts():
    made = cards(0, count=30)
    samples = samples_of(made)
    assert len(samples) == len(BRIEFS)
    assert {sample.stratum for sample in samples} == {f"{made[0].campaign_id}/{made[0].form_name}"}
    assert set(samples[0].values) == {"score", "text.contrast", "technical.exposure"}
    one = samples_of([card({"text.contrast": value}) for value in (2.0, 9.0, 4.0)])
    assert one[0].values["text.contrast"] == 4.0
