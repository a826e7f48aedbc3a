"""What is said when a server or a tool is missing, and that a damaged installation is noticed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infra.settings import Settings
from schemas.errors import StackError
from tests.support.cluster import ClusterStack
from tests.support.cluster.cache import cache_directory
from tests.support.cluster.kafka_install import VERSION, install_kafka, java, kafka_libraries
from tests.support.cluster.minio_install import install_minio, minio_program
from tests.support.command import assert_nothing_runs_on


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return cache_directory()


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder that is the whole search path."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path / "bin"


def write_program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return path


def test_the_cache_is_the_users_own(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cache == tmp_path / "cache" / "brushfire"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_directory() == tmp_path / ".cache" / "brushfire"


def test_a_missing_server_is_an_error_with_the_command_that_installs_it(cache: Path) -> None:
    with pytest.raises(
        StackError, match=r"Apache Kafka .* is not installed in .*python -m tests.support.cluster install"
    ):
        kafka_libraries()
    with pytest.raises(StackError, match=r"MinIO .* is not installed in .*python -m tests.support.cluster install"):
        minio_program()


@pytest.mark.parametrize(
    ("call", "message"), [(java, "java is not installed"), (install_kafka, "mvn is not"), (install_minio, "go is not")]
)
def test_a_missing_tool_is_named(cache: Path, programs: Path, call: object, message: str) -> None:
    assert callable(call)
    with pytest.raises(StackError, match=message):
        call()


@pytest.mark.parametrize(
    ("version", "told"), [("11.0.2", "is Java 11.0.2; 17"), ("1.8.0_392", "is Java 1.8"), ("?", "is Java \\?")]
)
def test_an_old_java_is_refused(programs: Path, version: str, told: str) -> None:
    write_program(programs / "java", f"echo 'openjdk version \"{version}\"' >&2")
    with pytest.raises(StackError, match=told):
        java()


@pytest.mark.parametrize("version", ["17.0.15", "21", "26-ea"])
def test_a_new_java_is_taken(programs: Path, version: str) -> None:
    write_program(programs / "java", f"echo 'openjdk version \"{version}\" 2025-04-15' >&2")
    assert java() == programs / "java"


def test_a_failed_fetch_says_why_and_leaves_nothing(cache: Path, programs: Path) -> None:
    write_program(programs / "mvn", "echo 'Could not resolve the artifact'; exit 1")
    with pytest.raises(StackError, match=r"exit code 1:\nCould not resolve the artifact"):
        install_kafka()
    assert list(cache.iterdir()) == []


def test_a_damaged_jar_is_fetched_again(cache: Path, programs: Path) -> None:
    jar = f"kafka_2.13-{VERSION}.jar"
    folder = '"${last#-DoutputDirectory=}"'
    last = "for last; do :; done"
    write_program(programs / "mvn", f"{last}; /bin/mkdir -p {folder}; printf whole > {folder}/{jar}")
    libraries = install_kafka()
    (libraries / jar).write_text("torn")
    assert (install_kafka() / jar).read_text() == "whole"
    assert json.loads((libraries.parent / "jars.json").read_text()).keys() == {jar}


def test_a_program_of_another_version_is_not_taken_for_minio(cache: Path, programs: Path) -> None:
    write_program(
        programs / "go", 'if [ "$1" = install ]; then printf other > "$GOBIN/minio"; else echo "mod other"; fi'
    )
    with pytest.raises(StackError, match="go install made another program"):
        install_minio()
    assert not (cache / "minio").exists()


def broken_minio(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache with the installed Kafka and a MinIO that ends at once."""
    with monkeypatch.context() as patch:
        patch.delenv("XDG_CACHE_HOME")
        libraries, program = kafka_libraries(), minio_program()
    write_program(cache / program.parent.name / "minio", "echo 'no drive here'; exit 3")
    (cache / libraries.parent.name).symlink_to(libraries.parent)


@pytest.mark.cluster
async def test_a_store_that_does_not_come_up_stops_the_brokers_too(
    installed_servers: None, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_minio(cache, monkeypatch)
    stack = ClusterStack(Settings(data=tmp_path / "data", ephemeral=True))
    with pytest.raises(StackError, match=r"minio: exit code 3, 6 times in a row(.|\n)*no drive here"):
        await stack.start()
    assert stack.supervisor.pids() == {}
    assert_nothing_runs_on(tmp_path)
