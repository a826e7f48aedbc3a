"""The judges of the fault runs judge rightly: what is broken here, by hand, they have to see."""

from __future__ import annotations

from infra.kafka.bus import encode
from schemas.base import Event
from schemas.topics import BRIEF_OUTCOMES, DRAFT_JOBS, DRAFTS, FAILURES, SIGNAL_OUTCOMES, Topic
from tests.support.faults.driver import Act
from tests.support.faults.journal import Entry
from tests.support.faults.losses import account
from tests.support.faults.payments import balance
from tests.support.faults.sampler import Sample, Samples, judge
from tests.support.images import make_draft, make_draft_job
from tests.support.inputs import make_brief, make_signal
from tests.support.results import make_brief_outcome, make_failure, make_signal_outcome
from tests.support.simulator.log import Call

BRIEF = make_brief()
JOBS = [make_draft_job(BRIEF, variant) for variant in range(3)]
DRAFT = make_draft(BRIEF, 0)
PLACE = (DRAFT_JOBS.name, 0)


def entry(topic: Topic, offset: int, at: float, event: Event, key: str | None = None) -> Entry:
    return Entry(topic.name, 0, offset, at, key.encode() if key else None, encode(event))


def queued() -> list[Entry]:
    """Three jobs at offsets 0 to 2, sent at 100 s; the first is drawn at 103 s, the second given up at 105 s."""
    jobs = [entry(DRAFT_JOBS, offset, 100.0, job, job.job_id) for offset, job in enumerate(JOBS)]
    drawn = entry(DRAFTS, 0, 103.0, DRAFT, DRAFT.job.job_id)
    return [*jobs, drawn, entry(FAILURES, 0, 105.0, make_failure(JOBS[1]), BRIEF.brief_id)]


def violations(at: float, committed: int) -> int:
    return len(judge(Samples([Sample("drafter", at, {PLACE: committed})]), queued()).violations)


def test_a_commit_may_follow_what_is_finished() -> None:
    assert violations(at=103.5, committed=1) == 0
    assert violations(at=105.5, committed=2) == 0
    assert violations(at=101.0, committed=0) == 0


def test_a_commit_past_unfinished_work_is_seen() -> None:
    assert violations(at=102.0, committed=1) == 1
    assert violations(at=104.0, committed=2) == 1
    assert violations(at=1e9, committed=3) == 1


def test_a_job_that_is_sent_again_needs_a_result_of_its_own() -> None:
    again = [*queued(), entry(DRAFT_JOBS, 3, 110.0, JOBS[0], JOBS[0].job_id)]
    only_first = [e for e in again if e.offset in {0, 3}]
    assert len(judge(Samples([Sample("drafter", 200.0, {PLACE: 4})]), only_first).violations) == 1


def test_a_job_without_result_is_lost_and_one_that_failed_is_not() -> None:
    results = {DRAFT.job.job_id: DRAFT.generation}
    assert account(queued(), results, ()).lost_jobs == {JOBS[2].job_id}
    assert account(queued(), {}, ()).lost_jobs == {JOBS[0].job_id, JOBS[2].job_id}


def test_signals_and_briefs_without_outcome_are_lost() -> None:
    signal = make_signal()
    told = entry(SIGNAL_OUTCOMES, 0, 1.0, make_signal_outcome(signal, "briefed", briefs=(BRIEF.brief_id,)))
    assert account([], {}, [signal.signal_id]).lost_signals == {signal.signal_id}
    assert account([told], {}, [signal.signal_id]).lost_briefs == {BRIEF.brief_id}
    ended = entry(BRIEF_OUTCOMES, 0, 2.0, make_brief_outcome(BRIEF))
    assert account([told, ended], {}, [signal.signal_id]).lost == 0


def test_two_outcomes_and_two_objects_are_seen() -> None:
    outcomes = [entry(BRIEF_OUTCOMES, n, n, make_brief_outcome(BRIEF, drafts=n)) for n in range(2)]
    assert account(outcomes, {}, ()).two_outcomes == {BRIEF.brief_id}
    assert account([outcomes[0], outcomes[0]], {}, ()).two_outcomes == set()
    image = DRAFT.generation.image.model_copy(update={"key": "sha256/ff/ffff.jpg"})
    other = make_draft(BRIEF, 0, image=image)
    made = [entry(DRAFTS, n, n, draft, draft.job.job_id) for n, draft in enumerate((DRAFT, other))]
    assert account(made, {}, ()).two_objects == {DRAFT.job.job_id}


def call(id_: str, *, answered_at: float = 103.0, key: str = "drafter-1") -> Call:
    request = JOBS[0].request
    return Call(
        id_, "fal", key, request.model, "text-to-image", "digest", request.seed, 101.0,
        answered_at=answered_at, billed_usd=0.003,
    )  # fmt: skip


def test_a_paid_call_that_no_job_uses_needs_a_kill_that_explains_it() -> None:
    results = {DRAFT.job.job_id: DRAFT.generation}
    calls = [call(DRAFT.generation.provider_request_id), call("lost", answered_at=0.0)]
    killed = Act("kill", "drafter-1", 102.0, 102.1)
    other = Act("kill", "drafter-2", 102.0, 102.1)
    early = Act("kill", "drafter-1", 90.0, 90.1)
    paused = Act("pause", "drafter-1", 102.0, 104.0)
    explained = balance(calls, results, queued(), [killed], JOBS)
    assert [c.id for c in explained.unused] == ["lost"]
    assert explained.unexplained == ()
    assert explained.in_air == {"lost", DRAFT.generation.provider_request_id}
    assert explained.paid_twice == (DRAFT.job.job_id,)
    for acts in ([], [other], [early], [paused]):
        assert [c.id for c in balance(calls, results, queued(), acts, JOBS).unexplained] == ["lost"]
