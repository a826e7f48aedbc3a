"""A small run under kills: workers killed, ended and stopped for a while, two of each kind, at moments of a seed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.conftest import Tell
from tests.support.faults.trial import Plan, under_kills

pytestmark = [pytest.mark.faults, pytest.mark.timeout(400)]


async def test_nothing_is_lost_and_nothing_paid_that_no_kill_explains(tmp_path: Path, tell: Tell) -> None:
    found = await under_kills("embedded", tmp_path, Plan(seed=7, briefs=10, drafts=20, kills=6, pauses=2), tell)
    losses, payments, verdict = found.losses, found.payments, found.verdict
    tell(f"{found.kills} kills, {verdict.with_commits} samples, {payments.paid} calls paid, {len(payments.unused)} "
         f"of them unused, {len(payments.in_air)} in the air at the kills")  # fmt: skip
    assert found.complete
    assert found.kills == 6
    assert (found.jobs, found.lost_jobs) == (200, 0)
    assert (losses.lost, losses.two_outcomes, losses.two_objects, losses.dead_letters) == (0, set(), set(), [])
    assert found.audit.problems == []
    assert found.audit.names_of_briefs() == {"delivered": 10}
    assert verdict.with_commits > 0
    assert verdict.violations == []
    assert payments.paid >= payments.done >= 200
    assert payments.unexplained == ()
