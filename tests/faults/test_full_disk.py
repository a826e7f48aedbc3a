"""A disk that is full at the start, and one that fills up in mid-run. Needs a file system of its own, so root."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from schemas.topics import DRAFTS
from tests.faults.conftest import Tell
from tests.faults.line import stop, up
from tests.support.command import brushfire
from tests.support.samples import signal_line, write_campaign, write_feed
from tests.support.watching import audit_of, wait_while_running
from workers.intake.feeds import read_feeds

pytestmark = [pytest.mark.faults, pytest.mark.timeout(400)]

MEGABYTE = 1024 * 1024


@pytest.fixture
def disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A file system of `request.param` megabytes at ``data``."""
    folder = tmp_path / "data"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={request.param}m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder: Path) -> Path:
    """A file that takes all the space that is left."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * MEGABYTE)
        except OSError:
            return ballast


@pytest.mark.parametrize("disk", [100], indirect=True)
def test_a_run_does_not_start_on_a_disk_that_is_nearly_full(disk: Path, tmp_path: Path) -> None:
    write_campaign(tmp_path / "campaigns")
    write_feed(tmp_path / "feed.jsonl", signal_line())
    done = brushfire(
        "run", "--feed", "feed.jsonl", "--campaigns", "campaigns", "--out", "out", "--data", disk, folder=tmp_path
    )
    assert done.returncode == 1
    assert "MB are needed: free some space, or set BRUSHFIRE_DATA to a directory on another disk" in done.stderr


@pytest.mark.parametrize("disk", [700], indirect=True)
def test_a_disk_that_fills_up_is_named_and_work_goes_on_once_there_is_space(
    disk: Path, tmp_path: Path, tell: Tell
) -> None:
    plan = {"drafts": 40, "promote": 1, "draft_long_side": 320}
    campaigns = write_campaign(tmp_path / "campaigns", plan=plan, deadline_seconds=3600).parent
    feed = write_feed(tmp_path / "feed.jsonl", *(signal_line(f"lapland {number}") for number in range(3)))
    with up(tmp_path, campaigns) as line:
        line.feed(feed)
        line.wait_for((DRAFTS,), 10)
        ballast = fill(disk)
        named = wait_while_running(line.process, lambda: "has no space left" in logs(disk), line.log, 90)
        tell(f"the full disk is named in a log after {named:.1f} s")
        # The broker's log is on that disk too: sooner or later a worker ends rather than lose what it cannot send.
        gone = wait_while_running(line.process, lambda: "restarting" in line.log.read_text(), line.log, 120)
        tell(f"the first worker ends after another {gone:.1f} s")
        ballast.unlink()
        signals = [s.signal_id for s in read_feeds([feed], lifetime=timedelta(hours=1), replay=None).signals]
        tell(f"all outcomes {line.wait_for_outcomes(signals):.1f} s after there was space again")
        found = audit_of(line.data, signals)
        assert found.problems == [], logs(disk)[-6000:]
        assert found.names_of_briefs() == {"delivered": 3}
        stop(line)


def logs(data: Path) -> str:
    """What the workers wrote."""
    return "".join(log.read_text(errors="replace") for log in (data / "logs").glob("*-1.log"))
