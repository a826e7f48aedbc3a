"""`kill -9` of one process after the other in a run: the supervisor replaces it and every outcome arrives."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.topics import LINEAGE
from tests.faults.conftest import SIGNALS, Tell
from tests.faults.line import stop, up
from tests.support.watching import audit_of
from workers.runtime.kinds import KINDS

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

VICTIMS = ("broker", "store", *KINDS)
STEPS_BETWEEN = 50
"""Steps of the lineage from one kill to the next: the kills spread over the run of some 570."""


def test_each_process_can_be_killed_in_mid_run(
    tmp_path: Path, campaigns: Path, signal_ids: list[str], tell: Tell
) -> None:
    with up(tmp_path, campaigns) as line:
        line.feed(SIGNALS)
        for number, name in enumerate(VICTIMS, start=1):
            line.wait_for((LINEAGE,), STEPS_BETWEEN * number)
            tell(f"{name}: another one {line.kill_one(name):.1f} s after the kill")
        waited = line.wait_for_outcomes(signal_ids)
        tell(f"all outcomes {waited:.1f} s after the last kill")
        found = audit_of(line.data, signal_ids)
        tell(f"outcomes {dict(found.names())}, briefs {dict(found.names_of_briefs())}, {len(found.assets)} assets")
        tell(f"{found.repeats} told again, {len(found.taken_over)} jobs taken over")
        assert found.problems == []
        assert found.signals.keys() == set(signal_ids)
        assert set(found.names_of_briefs()) == {"delivered"}
        stop(line)
