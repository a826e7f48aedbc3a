"""Running a broker of Apache Kafka: its storage formatted once, then a supervised Java process."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Final

from infra.kafka.admin import broker_answers
from infra.local.ports import is_free
from infra.local.specs import ProcessSpec
from infra.settings import KafkaSettings
from schemas.errors import StackError
from tests.support.cluster.credentials import USER, ClusterCredentials
from tests.support.cluster.kafka_install import java, kafka_libraries
from tests.support.cluster.kafka_properties import Node

HEAP_MB: Final = 256
"""Three brokers and a pipeline have to fit beside each other on a developer's machine."""
FORMAT_SECONDS: Final = 60.0
MECHANISMS: Final = ("SCRAM-SHA-256", "SCRAM-SHA-512")

_JVM: Final = (
    f"-Xms{HEAP_MB // 2}m", f"-Xmx{HEAP_MB}m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError",
    "-XX:TieredStopAtLevel=1",  # short lives: the optimising compiler would take a core of the two and not pay back
    "-XX:-UsePerfData",  # no files in the system's temporary folder
    "-Djava.awt.headless=true",
)  # fmt: skip


def broker_name(number: int) -> str:
    """The process's name, which log and port file use."""
    return f"kafka-{number}"


async def format_storage(node: Node, properties: dict[str, str], credentials: ClusterCredentials) -> None:
    """Write the node's properties, and its empty storage unless it is there already. Raises `StackError`."""
    node.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write_private(_properties_file(node), "".join(f"{key}={value}\n" for key, value in properties.items()))
    if (node.directory / "log" / "meta.properties").exists():
        return
    arguments = [f"--cluster-id={credentials.cluster_id}", "--config", str(_properties_file(node))]
    if node.certificates:
        password = credentials.kafka_password.get_secret_value()
        for mechanism in MECHANISMS:
            arguments += ["--add-scram", f"{mechanism}=[name={USER},password={password}]"]
    options = node.directory / "format.options"
    _write_private(options, "\n".join(arguments))  # a command line is there for all to read
    try:
        await _run_to_end((*_java(node), "kafka.tools.StorageTool", "format", f"@{options}"), node.directory)
    finally:
        options.unlink()


def kafka_spec(node: Node, logs: Path, reach: KafkaSettings, ready_seconds: float) -> ProcessSpec:
    """How to run the broker of `node`; ready when a client with the settings `reach` gets an answer."""
    broker = reach.model_copy(update={"addresses": (reach.addresses or ())[:1]})

    async def may_start() -> bool:
        return all(is_free(port) for port in node.ports.values())

    return ProcessSpec(
        name=broker_name(node.number),
        argv=(*_java(node), "kafka.Kafka", str(_properties_file(node))),
        env=_environment(node),
        log_path=logs / f"{broker_name(node.number)}.log",
        cwd=node.directory,
        may_start=may_start,
        ready=lambda: broker_answers(broker),
        ready_seconds=ready_seconds,
        stop_seconds=15.0,
    )


def _java(node: Node) -> tuple[str, ...]:
    temporary = node.directory / "tmp"
    temporary.mkdir(exist_ok=True)
    log = Path(__file__).with_name("log4j2.xml")
    return (str(java()), *_JVM, f"-Djava.io.tmpdir={temporary}", f"-Dlog4j2.configurationFile={log}",
            "-cp", f"{kafka_libraries()}/*")  # fmt: skip


def _environment(node: Node) -> dict[str, str]:
    return {"HOME": str(node.directory), "PATH": os.environ.get("PATH", os.defpath)}


def _properties_file(node: Node) -> Path:
    return node.directory / "server.properties"


def _write_private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, "utf-8")


async def _run_to_end(command: tuple[str, ...], folder: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        async with asyncio.timeout(FORMAT_SECONDS):
            output, _ = await process.communicate()
    except TimeoutError:
        raise StackError(f"formatting {folder} did not end within {FORMAT_SECONDS:.0f} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise StackError(f"the storage in {folder} cannot be formatted:\n{output.decode(errors='replace')[-2000:]}")
