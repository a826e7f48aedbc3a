"""The object store goes away in mid-run and comes back: nothing is lost, nothing is buried, work goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.kafka.app import SESSION_SECONDS
from tests.faults.conftest import Tell
from tests.support.faults.outages import OUTAGES, each

pytestmark = [pytest.mark.faults, pytest.mark.timeout(400)]


async def test_the_store_is_unavailable(tmp_path: Path, tell: Tell) -> None:
    name = next(name for name in OUTAGES if "store" in name)
    (found,) = await each("embedded", tmp_path, [name], briefs=4, drafts=20)
    tell(f"{name}: the next draft {found.resumed:.1f} s after, the last outcome {found.finished:.1f} s after")
    assert found.complete
    assert (found.jobs, found.lost, found.dead_letters, found.undelivered) == (80, 0, (), 0)
    assert found.resumed <= SESSION_SECONDS + 10
