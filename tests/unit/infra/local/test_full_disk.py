"""A store that stays broken after a full disk, by its log."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.local.seaweed import ROOM_BYTES, BrokenByFullDisk

COMPLAINT = "E filer: write filerldb2/00/000001.log: no space left on device\n"


class Disk:
    def __init__(self, folder: Path) -> None:
        self.log = folder / "store.log"
        self.log.write_text("up\n")
        self.free = ROOM_BYTES
        self.broken = BrokenByFullDisk(self.log, folder, lambda _: self.free)

    def say(self, words: str) -> None:
        with self.log.open("a") as log:
            log.write(words)


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path)


def test_complaints_while_there_is_no_room_are_right(disk: Disk) -> None:
    disk.free = 0
    for _ in range(3):
        disk.say(COMPLAINT)
        assert disk.broken() is None


def test_the_last_complaints_before_there_was_room_are_right_too(disk: Disk) -> None:
    disk.free = 0
    assert disk.broken() is None
    disk.say(COMPLAINT)
    disk.free = ROOM_BYTES
    assert disk.broken() is None
    assert disk.broken() is None, "nothing new was said"


def test_complaints_with_room_before_and_after_are_of_a_broken_store(disk: Disk) -> None:
    assert disk.broken() is None
    disk.say("I all is well\n")
    assert disk.broken() is None
    disk.say(COMPLAINT)
    assert disk.broken() == "it still finds no space on a disk that has some again"


def test_what_an_earlier_run_said_does_not_count(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    disk.say(COMPLAINT)
    assert [disk.broken(), disk.broken()] == [None, None]


def test_a_log_that_is_begun_again_is_read_from_there(disk: Disk) -> None:
    disk.say("x" * 1000)
    assert disk.broken() is None
    disk.log.write_text("up again\n")
    assert disk.broken() is None
    disk.say(COMPLAINT)
    assert disk.broken() is not None


def test_a_log_that_is_not_there_says_nothing(disk: Disk) -> None:
    disk.log.unlink()
    assert disk.broken() is None
