"""`kill -9` of the supervisor, the servers and every worker, three times in one run: no outcome is lost or doubled."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

import pytest

from infra.local.fork_server import can_fork
from schemas.topics import ASSETS, DRAFTS, EXPRESS_OF, REFINEMENTS, Topic
from tests.faults.conftest import SIGNALS, Tell
from tests.faults.line import stop, up
from tests.support.watching import audit_of
from workers.runtime.kinds import KINDS

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

SEED = 20251
PROCESSES = 3 + len(KINDS) + can_fork()
"""The supervisor, the broker, the object store, a worker of each kind, and the server that these are forked from."""
MOMENTS: tuple[tuple[str, tuple[Topic, ...], range], ...] = (
    ("drafting", (DRAFTS, EXPRESS_OF[DRAFTS.name]), range(10, 80)),
    ("refining", (REFINEMENTS, EXPRESS_OF[REFINEMENTS.name]), range(8, 30)),
    ("finishing", (ASSETS,), range(4, 10)),
)
"""When everything is killed: as soon as so many events are there, a number drawn from the range."""


def test_all_outcomes_arrive_and_no_asset_comes_twice(
    tmp_path: Path, campaigns: Path, signal_ids: list[str], tell: Tell
) -> None:
    random = Random(SEED)
    for round_number, (moment, topics, counts) in enumerate(MOMENTS):
        with up(tmp_path, campaigns) as line:
            if round_number == 0:
                line.feed(SIGNALS)
            count = random.choice(counts)
            line.wait_for(topics, count)
            killed = line.kill_everything(random)
            tell(f"{moment}: killed {killed} processes after {count} events")
            assert killed == PROCESSES
    began = time.monotonic()
    with up(tmp_path, campaigns) as line:
        line.wait_for_outcomes(signal_ids)
        tell(f"all outcomes {time.monotonic() - began:.1f} s after the last start")
        found = audit_of(line.data, signal_ids)
        tell(f"outcomes {dict(found.names())}, briefs {dict(found.names_of_briefs())}, {len(found.assets)} assets")
        tell(f"{found.repeats} told again, {len(found.taken_over)} jobs taken over")
        assert found.problems == []
        assert found.signals.keys() == set(signal_ids)
        assert len(found.briefs) >= 6
        assert set(found.names_of_briefs()) == {"delivered"}
        stop(line)
