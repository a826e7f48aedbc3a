"""Apache Kafka's jars from Maven Central."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

from infra.local.files import read_json
from schemas.errors import StackError
from tests.support.cluster.cache import INSTALL_ADVICE, cache_directory, run, tool

VERSION: Final = "4.3.1"
LOG4J_VERSION: Final = "2.25.3"
DEPENDENCY_PLUGIN: Final = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"
OLDEST_JAVA: Final = 17
"""Apache Kafka 4's brokers need Java 17."""

_POM: Final = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>brushfire</groupId><artifactId>kafka-server</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>{VERSION}</version></dependency>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>{LOG4J_VERSION}</version>
    </dependency>
  </dependencies>
</project>
"""
"""The broker with all that it loads, and the binding by which its log goes to log4j."""


def kafka_libraries() -> Path:
    """The folder of the installed jars. Raises `StackError` where they are not all there."""
    folder = _folder()
    listed = read_json(folder / "jars.json")
    if not isinstance(listed, dict) or not all((folder / "libs" / name).is_file() for name in listed):
        raise StackError(f"Apache Kafka {VERSION} is not installed in {folder}: run `{INSTALL_ADVICE}`")
    return folder / "libs"


def install_kafka() -> Path:
    """Fetch the jars unless they are there unchanged, and return their folder. Raises `StackError`."""
    folder = _folder()
    if not _whole(folder):
        maven = tool("mvn", "Maven fetches Apache Kafka from Maven Central")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".kafka-") as work:
            _fetch(maven, Path(work))
            shutil.rmtree(folder, ignore_errors=True)
            shutil.move(Path(work) / "made", folder)
    return kafka_libraries()


def java() -> Path:
    """The machine's Java, which must be new enough. Raises `StackError`."""
    program = tool("java", f"Apache Kafka needs Java {OLDEST_JAVA} or newer")
    version = _version_of(program)
    major = version.split(".")[0].split("-")[0]
    if not major.isdecimal() or int(major) < OLDEST_JAVA:
        raise StackError(f"{program} is Java {version or 'of an unknown version'}; {OLDEST_JAVA} or newer is needed")
    return program


@cache
def _version_of(program: Path) -> str:
    """The version in its answer, such as ``17.0.15``; asked once, for it takes a virtual machine's start."""
    return run([program, "-XX:-UsePerfData", "-version"], folder=Path("/")).partition('"')[2].partition('"')[0]


def _folder() -> Path:
    return cache_directory() / f"kafka-{VERSION}"


def _fetch(maven: Path, work: Path) -> None:
    """Resolve and copy the jars; Maven checks them against the repository's checksums and fails if one differs."""
    made = work / "made"
    (work / "pom.xml").write_text(_POM, "utf-8")
    goal = f"{DEPENDENCY_PLUGIN}:copy-dependencies"
    run(
        [maven, "--batch-mode", "--quiet", "--strict-checksums", goal,
         "-DincludeScope=runtime", f"-DoutputDirectory={made / 'libs'}"],
        folder=work,
    )  # fmt: skip
    digests = {path.name: _digest(path) for path in sorted((made / "libs").glob("*.jar"))}
    if f"kafka_2.13-{VERSION}.jar" not in digests:
        raise StackError(f"Maven fetched no Apache Kafka {VERSION}: {', '.join(digests) or 'no jars at all'}")
    (made / "jars.json").write_text(json.dumps(digests, indent=2), "utf-8")


def _whole(folder: Path) -> bool:
    listed = read_json(folder / "jars.json")
    jars = {path.name: _digest(path) for path in (folder / "libs").glob("*.jar")}
    return bool(jars) and jars == listed


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
