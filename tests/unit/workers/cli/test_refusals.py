"""What `brushfire run` and `up` refuse before they start anything: a sentence, an exit code, no trace left."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from infra.local.data_directory import DataDirectory
from tests.support.samples import signal_line, write_campaign, write_feed
from tests.unit.workers.cli.conftest import Call

RUN = ("run", "--feed", "feed.jsonl", "--campaigns", "campaigns")


@pytest.fixture(autouse=True)
def samples(tmp_path: Path) -> Path:
    write_campaign(tmp_path / "campaigns")
    write_feed(tmp_path / "feed.jsonl", signal_line())
    return tmp_path


def test_no_valid_campaign(call: Call, samples: Path) -> None:
    (samples / "campaigns" / "northbound.yaml").write_text("campaign_id: northbound\n")
    said = call(*RUN)
    assert said.code == 2
    assert "northbound.yaml" in said.err
    assert "nothing was started: correct the errors above first" in said.err
    assert not (samples / "out").exists()


def test_an_invalid_campaign_beside_a_good_one_when_strict(call: Call, samples: Path) -> None:
    write_campaign(samples / "campaigns", "misspelt", fromats=[])
    said = call(*RUN, "--strict")
    assert said.code == 2
    assert "did you mean `formats`" in said.err
    assert not (samples / "out").exists()


def test_a_bad_line_of_a_feed_when_strict(call: Call, samples: Path) -> None:
    write_feed(samples / "feed.jsonl", signal_line(), {"market": "GB"})
    said = call(*RUN, "--strict")
    assert said.code == 2
    assert "feed.jsonl, line 2: has no topic" in said.err
    assert not (samples / "out").exists()


@pytest.mark.parametrize("missing", ["feed.jsonl", "campaigns"])
def test_missing_files(call: Call, samples: Path, missing: str) -> None:
    (samples / missing).rename(samples / "elsewhere")
    said = call(*RUN)
    assert said.code == 2
    assert missing in said.err
    assert "Traceback" not in said.err
    assert not (samples / "out").exists()


def test_a_folder_without_feeds(call: Call, samples: Path) -> None:
    (samples / "empty").mkdir()
    said = call("run", "--feed", "empty", "--campaigns", "campaigns")
    assert said.code == 2
    assert "empty: has no feed" in said.err


def test_results_that_could_not_be_written(call: Call, samples: Path) -> None:
    (samples / "taken").write_text("a file")
    said = call(*RUN, "--out", "taken/out", "--data", "data")
    assert said.code == 2
    assert "taken/out: cannot be written" in said.err
    assert "choose another folder with --out" in said.err
    assert not (samples / "data").exists()


def test_a_port_that_is_taken(call: Call, samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("BRUSHFIRE_LOCAL__BROKER_PORT", str(port))
        said = call(*RUN)
    assert said.code == 1
    assert f"port {port} (broker) is in use" in said.err
    assert not (samples / "out" / ".brushfire" / "stack.json").exists()


@pytest.mark.parametrize("extra", [(), ("--fresh",)])
def test_a_data_directory_in_use(call: Call, samples: Path, extra: tuple[str, ...]) -> None:
    directory = DataDirectory(samples / "out" / ".brushfire")
    directory.lock()
    (directory.root / "store").mkdir()
    try:
        said = call(*RUN, *extra)
    finally:
        directory.unlock()
    assert said.code in {1, 2}
    assert "is in use by the run with process number" in said.err
    assert (directory.root / "store").exists()


def test_fresh_spares_a_folder_that_is_no_data_directory(call: Call, samples: Path) -> None:
    kept = samples / "logs" / "mine.log"
    kept.parent.mkdir()
    kept.write_text("mine")
    (samples / "occupied").write_text("")
    call(*RUN, "--data", samples, "--fresh", "--out", "occupied")
    assert kept.read_text() == "mine"


def test_an_unknown_setting(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRUSHFIRE_KAFKA__PARTITION", "8")
    said = call(*RUN)
    assert said.code == 2
    assert "kafka.partition: there is no such setting; did you mean 'partitions'?" in said.err


def test_an_impossible_setting(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRUSHFIRE_KAFKA__PARTITIONS", "none")
    said = call("up")
    assert said.code == 2
    assert "kafka.partitions" in said.err


def test_a_settings_file_that_is_not_there(call: Call) -> None:
    said = call(*RUN, "--config", "missing.toml")
    assert said.code == 2
    assert "missing.toml: there is no such settings file" in said.err


def test_up_without_a_valid_campaign(call: Call, samples: Path) -> None:
    (samples / "campaigns" / "northbound.yaml").write_text("[]\n")
    said = call("up", "--campaigns", "campaigns")
    assert said.code == 2
    assert "no campaign can be used" in said.err
    assert not (samples / ".brushfire").exists()
