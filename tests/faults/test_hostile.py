"""Hostile messages among good ones: the good are served, each malformed one is buried once, duplicates cost nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.conftest import Tell
from tests.support.faults.flood import Flood, flooded

pytestmark = [pytest.mark.faults, pytest.mark.timeout(400)]

FLOOD = Flood(briefs=4, drafts=20, malformed=450, duplicates=50, huge=6)


async def test_good_messages_in_a_flood(tmp_path: Path, tell: Tell) -> None:
    found = await flooded("embedded", tmp_path, FLOOD, tell)
    growth = {name: after - found.memory_before.get(name, after) for name, after in found.memory_after.items()}
    tell(f"{found.buried_once} of {found.malformed} buried once, memory grew by {max(growth.values()):.0f} MB at most")
    assert found.unburied == {}
    assert found.complete
    assert (found.malformed, found.buried_once, found.without_reason) == (450, 450, 0)
    assert found.unexpected == []
    assert (found.served, found.undelivered, found.two_objects) == (80, 0, 0)
    assert (found.payments.unused, found.restarts) == ((), 0)
