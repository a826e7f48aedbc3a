from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from infra.local.credentials import load_or_create
from infra.local.data_directory import DataDirectory
from infra.local.files import KEPT_LOGS, last_lines, read_json, rotate, write_private_json
from infra.local.ports import choose_ports, remembered_ports
from schemas.errors import StackError


def test_one_run_at_a_time(tmp_path: Path) -> None:
    first, second = DataDirectory(tmp_path / "data"), DataDirectory(tmp_path / "data")
    first.lock()
    with pytest.raises(StackError, match=r"in use by the run with process number \d+: stop it"):
        second.lock()
    first.unlock()
    second.lock()
    second.unlock()


def test_a_full_disk_is_named_before_anything_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=7_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    directory = DataDirectory(tmp_path)
    with pytest.raises(StackError, match=r"7 MB are free.*BRUSHFIRE_DATA"):
        directory.lock()
    monkeypatch.undo()
    directory.lock()
    directory.unlock()


def test_a_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StackError, match=r"file.* cannot be used for data .*BRUSHFIRE_DATA"):
        DataDirectory(tmp_path / "file").lock()


def test_credentials_are_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "credentials.json"
    made = load_or_create(path)
    assert load_or_create(path) == made
    assert path.stat().st_mode & 0o777 == 0o600
    assert made.secret_key.get_secret_value() not in repr(made)
    assert load_or_create(tmp_path / "other.json").secret_key != made.secret_key


def test_damaged_credentials_are_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "credentials.json").write_text('{"access_key": "a"}')
    with pytest.raises(StackError, match="delete it to have new ones made"):
        load_or_create(tmp_path / "credentials.json")


def test_ports_are_distinct_and_kept(tmp_path: Path) -> None:
    names = [f"p{number}" for number in range(12)]
    ports = choose_ports(names, {}, tmp_path / "ports.json")
    assert len(set(ports.values())) == len(names)
    assert choose_ports(names, {}, tmp_path / "ports.json") == ports
    assert choose_ports(["p3"], {}, tmp_path / "ports.json") == {"p3": ports["p3"]}
    assert remembered_ports(tmp_path / "ports.json") == ports


def test_a_torn_file_counts_as_missing_and_a_new_one_replaces_it_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"a": ')
    assert read_json(path) is None
    write_private_json(path, {"a": 1})
    assert read_json(path) == {"a": 1}
    assert [file.name for file in tmp_path.iterdir()] == ["a.json"]


def test_logs_rotate_by_start(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "broker.log"
    for start in range(KEPT_LOGS + 2):
        rotate(log)
        log.write_text(f"start {start}\n")
    kept = sorted(file.read_text() for file in log.parent.iterdir())
    assert kept == [f"start {start}\n" for start in range(2, KEPT_LOGS + 2)]
    assert last_lines(log) == f"start {KEPT_LOGS + 1}"
