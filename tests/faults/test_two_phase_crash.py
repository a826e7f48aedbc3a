"""A drafter killed while its two-phase calls are in the air: its successor polls on and pays nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.conftest import Tell
from tests.support.faults.crash import SLOTS, between_submitted_and_done

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]


async def test_what_was_submitted_is_not_paid_again(tmp_path: Path, tell: Tell) -> None:
    found = await between_submitted_and_done("embedded", tmp_path, SLOTS + 1)
    tell(f"{len(found.caught)} jobs caught by {found.kills} kills, slowest recovery {max(found.recoveries):.1f} s")
    assert len(found.caught) > SLOTS
    assert found.caught_paid_twice == set()
    assert found.jobs == found.done
    assert found.dollars > 0
