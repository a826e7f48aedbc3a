"""The invariant of delivery: what is committed never passes unfinished work."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from infra.kafka.deliveries import OffsetTracker


def tracker(*delivered: int, finished: tuple[int, ...] = ()) -> OffsetTracker:
    made = OffsetTracker()
    for offset in delivered:
        made.deliver(offset)
    for offset in finished:
        made.finish(offset)
    return made


def test_a_head_in_flight_holds_everything_behind_it() -> None:
    """faust's own books commit 41 here."""
    assert tracker(37, 38, 39, 40, finished=(38, 39, 40)).committable is None


def test_a_fresh_group_commits_nothing_past_its_first_message() -> None:
    """faust's own books commit past all of 0 to 4 here."""
    assert tracker(0, 1, 2, 3, 4, 5, 6, finished=(5, 6)).committable is None


def test_a_compaction_gap_does_not_swallow_an_unfinished_offset() -> None:
    """9 was compacted away; 10 is in flight, 11 is done. faust's own books commit 12 here."""
    assert tracker(5, 6, 7, 8, 10, 11, finished=(5, 6, 7, 8, 11)).committable == 9


def test_the_frontier_follows_the_finished_run() -> None:
    made = tracker(3, 4, 5, finished=(4, 3))
    assert made.committable == 5
    assert made.lowest_unfinished == 5
    assert made.in_flight == 1


def test_a_seek_back_forgets_what_was_under_way() -> None:
    made = tracker(3, 4, 5, finished=(4,))
    made.deliver(3)
    assert made.committable is None
    made.finish(3)
    assert made.committable == 4


def test_a_finish_of_an_earlier_assignment_is_passed_over() -> None:
    made = tracker(10, 11)
    made.finish(4)
    made.finish(99)
    assert made.committable is None


@given(st.lists(st.integers(1, 4), min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_all_finished_in_any_order_commits_behind_the_last(steps: list[int], chance: object) -> None:
    offsets = [sum(steps[: place + 1]) for place in range(len(steps))]
    made = tracker(*offsets)
    shuffled = list(offsets)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    for offset in shuffled:
        made.finish(offset)
    assert made.committable == offsets[-1] + 1
    assert made.in_flight == 0


class Partition(RuleBasedStateMachine):
    """A partition against a simple model: the set of what was delivered and the set of what was finished."""

    def __init__(self) -> None:
        super().__init__()
        self.tracker = OffsetTracker()
        self.next = 0
        self.committed = 0
        self.delivered: list[int] = []
        self.finished: set[int] = set()

    @rule(gap=st.integers(0, 3))
    def deliver(self, gap: int) -> None:
        self.next += gap
        self.tracker.deliver(self.next)
        self.delivered.append(self.next)
        self.next += 1

    @precondition(lambda self: self.delivered)
    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        offset = data.draw(st.sampled_from(self.delivered))
        self.tracker.finish(offset)
        self.finished.add(offset)

    @rule()
    def commit(self) -> None:
        self.committed = max(self.committed, self.tracker.committable or 0)

    @rule()
    def seek_to_committed(self) -> None:
        self.tracker.reset()
        self.delivered.clear()
        self.finished = {offset for offset in self.finished if offset < self.committed}
        self.next = self.committed

    @invariant()
    def never_past_unfinished_work(self) -> None:
        unfinished = [offset for offset in self.delivered if offset not in self.finished]
        committable = self.tracker.committable
        if committable is not None and unfinished:
            assert committable <= min(unfinished)
        if unfinished:
            assert self.tracker.lowest_unfinished == min(unfinished)
        assert self.tracker.in_flight == len(set(unfinished))


TestPartition = Partition.TestCase
