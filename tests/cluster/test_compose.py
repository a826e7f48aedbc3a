"""The compose files: no default password, the tested versions, and brokers that really start with what they say."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from infra.deploy.topics import create
from infra.kafka.bus import Bus
from infra.kafka.tail import read_all
from infra.local.ports import LOOPBACK, choose_ports
from infra.local.specs import ProcessSpec
from infra.local.supervisor import Supervisor
from infra.settings import load
from schemas.topics import SIGNALS
from tests.cluster.compose import FOLDER, ONE, SECRETS, THREE, project
from tests.support.cluster.kafka_install import VERSION as KAFKA_VERSION
from tests.support.cluster.kafka_install import java, kafka_libraries
from tests.support.cluster.minio_install import MODULE
from tests.support.cluster.minio_install import VERSION as MINIO_VERSION
from tests.support.factories import make_signal
from workers.runtime.kinds import KINDS

VARIANTS = pytest.mark.parametrize("files", [ONE, THREE], ids=["one broker", "three brokers"])


def compose_plugin() -> bool:
    docker = shutil.which("docker")
    return (
        bool(docker) and not subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode
    )


@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_has_a_default(secret: str) -> None:
    with pytest.raises(KeyError, match=f"set {secret} in .env"):
        project(THREE, {name: value for name, value in SECRETS.items() if name != secret})
    assert f"\n{secret}=\n" in (FOLDER / ".env.example").read_text("utf-8")


@VARIANTS
def test_there_is_a_service_for_each_worker_kind(files: tuple[str, ...]) -> None:
    services = project(files, SECRETS)
    workers = {name: service for name, service in services.items() if service.get("command", [""])[0] == "worker"}
    assert sorted(workers) == sorted(KINDS)
    assert all(service["command"][1] == name for name, service in workers.items())
    for name, service in services.items():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
        assert "healthcheck" in service or "build" in service, name


@VARIANTS
def test_what_the_services_say_are_settings(files: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    brokers = 3 if files == THREE else 1
    services = project(files, SECRETS)
    for name, value in services["scorer"]["environment"].items():
        monkeypatch.setenv(name, str(value))
    settings = load()
    assert settings.kafka.replication_factor == brokers
    assert len(settings.kafka.addresses or ()) == brokers
    for number in range(1, brokers + 1):
        kafka = services[f"kafka-{number}"]["environment"]
        assert kafka["KAFKA_DEFAULT_REPLICATION_FACTOR"] == brokers
        assert kafka["KAFKA_MIN_INSYNC_REPLICAS"] == (2 if brokers == 3 else 1)
        assert kafka["KAFKA_NUM_PARTITIONS"] == settings.kafka.partitions
        assert f"INTERNAL://kafka-{number}:9094" in kafka["KAFKA_ADVERTISED_LISTENERS"]


def test_the_versions_are_those_that_the_tests_run() -> None:
    assert project(ONE, SECRETS)["kafka-1"]["image"] == f"apache/kafka:{KAFKA_VERSION}"
    assert f"{MODULE}@{MINIO_VERSION}\n" in (FOLDER / "minio.Dockerfile").read_text("utf-8")


@pytest.mark.skipif(not compose_plugin(), reason="docker has no compose plugin here")
@VARIANTS
def test_docker_compose_reads_the_same(files: tuple[str, ...]) -> None:
    arguments = [word for name in files for word in ("-f", name)]
    done = subprocess.run(
        ["docker", "compose", *arguments, "config", "--format", "json", "--no-path-resolution"],
        cwd=FOLDER, env={**os.environ, **SECRETS}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    theirs, ours = json.loads(done.stdout)["services"], project(files, SECRETS)
    assert theirs.keys() == ours.keys()
    for name, service in ours.items():
        said = {key: str(value) for key, value in service.get("environment", {}).items()}
        assert theirs[name].get("environment", {}) == said, name
        assert theirs[name].get("depends_on", {}).keys() == service.get("depends_on", {}).keys(), name
        assert len(theirs[name].get("ports", [])) == len(service.get("ports", [])), name


@pytest.mark.cluster
@pytest.mark.usefixtures("installed_servers")
@VARIANTS
async def test_brokers_start_with_what_the_file_says(
    files: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The image's own program makes their configuration of it; names and ports of containers become this machine's."""
    services = project(files, SECRETS)
    brokers = [name for name in services if name.startswith("kafka-")]
    ports = choose_ports([f"{b}:{port}" for b in brokers for port in (9092, 9093, 9094)], {}, tmp_path / "ports.json")
    for name, value in services["topics"]["environment"].items():
        monkeypatch.setenv(name, here(str(value), "", ports))
    async with Supervisor() as supervisor:
        async with asyncio.TaskGroup() as group:
            for name in brokers:
                group.create_task(start(supervisor, tmp_path / name, services[name]["environment"], name, ports))
        assert SIGNALS.name in await create()
        settings = load()
        async with Bus(settings.kafka) as bus:
            await bus.send(SIGNALS, "a", make_signal("a"))
        assert len(await read_all(settings.kafka, [SIGNALS])) == 1


def here(text: str, broker: str, ports: dict[str, int]) -> str:
    """`text` with the addresses of containers turned into those of this machine."""
    for place, port in ports.items():
        text = text.replace(place, f"{LOOPBACK}:{port}")
    for inside in (9092, 9093, 9094) if broker else ():
        text = text.replace(f"://:{inside}", f"://{LOOPBACK}:{ports[f'{broker}:{inside}']}")
        text = re.sub(
            rf"CLIENT://{re.escape(LOOPBACK)}:9\d92\b", f"CLIENT://{LOOPBACK}:{ports[f'{broker}:9092']}", text
        )
    return text


async def start(supervisor: Supervisor, folder: Path, said: dict[str, Any], name: str, ports: dict[str, int]) -> None:
    for part in ("mounted", "defaults", "config", "tmp"):
        (folder / part).mkdir(parents=True)
    for file in ("server.properties", "log4j2.yaml", "tools-log4j2.yaml"):
        (folder / "defaults" / file).write_text("")
    variables = {key: here(str(value), name, ports) for key, value in said.items()}
    variables |= {"KAFKA_LOG_DIRS": str(folder / "log"), "PATH": os.environ["PATH"]}
    jvm = [str(java()), "-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", f"-Djava.io.tmpdir={folder / 'tmp'}",
           "-cp", f"{kafka_libraries()}/*"]  # fmt: skip
    made = await asyncio.create_subprocess_exec(
        *jvm, "kafka.docker.KafkaDockerWrapper", "setup", "--default-configs-dir", str(folder / "defaults"),
        "--mounted-configs-dir", str(folder / "mounted"), "--final-configs-dir", str(folder / "config"),
        env=variables, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await made.communicate()
    assert made.returncode == 0, output.decode()
    argv = (*jvm, "kafka.Kafka", str(folder / "config" / "server.properties"))
    await supervisor.start(ProcessSpec(name, argv, {"PATH": os.environ["PATH"]}, folder / "broker.log"))
