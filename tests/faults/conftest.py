from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.support.command import ROOT
from workers.intake.feeds import read_feeds

Tell = Callable[[str], None]
SIGNALS = ROOT / "examples" / "signals"
DEADLINE_SECONDS = 3600
"""Nothing may expire while processes are down: then every affordable brief has to be delivered."""
SCALE = 0.5
"""Of the formats' sides: the faults are the same and the images take a quarter of the time."""


@pytest.fixture
def campaigns(tmp_path: Path) -> Path:
    """The sample campaigns with deadlines that no fault makes them miss, and smaller images."""
    yaml, folder = YAML(), tmp_path / "campaigns"
    folder.mkdir()
    for source in sorted((ROOT / "examples" / "campaigns").glob("*.yaml")):
        shutil.copytree(source.parent / source.stem, folder / source.stem)
        campaign = yaml.load(source)
        campaign["deadline_seconds"] = DEADLINE_SECONDS
        for form in campaign["formats"]:
            form["size"] = {side: round(pixels * SCALE) for side, pixels in form["size"].items()}
        yaml.dump(campaign, folder / source.name)
    return folder


@pytest.fixture
def signal_ids() -> list[str]:
    """The ids of the sample signals, which `feed --replay` keeps."""
    return [signal.signal_id for signal in read_feeds([SIGNALS], lifetime=timedelta(hours=10), replay=None).signals]


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    """Prints a measured figure whether or not the test passes."""

    def write(figure: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n  {figure}")

    return write
