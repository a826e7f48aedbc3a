"""Started clusters for tests: import `open_cluster` or `secure_cluster` into a conftest to have them as fixtures.

They run for the whole session. The supervisor's event loop does not run between set-up and teardown, so a test that
kills a server starts a stack of its own. If the servers are not installed, the tests are skipped. With
``BRUSHFIRE_CLUSTER``, which `make test-cluster` sets, this is an error instead.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from typing import Literal

import pytest
import pytest_asyncio

from infra.settings import Settings
from schemas.errors import StackError
from tests.support.cluster import ClusterStack
from tests.support.cluster.kafka_install import java, kafka_libraries
from tests.support.cluster.minio_install import minio_program

REQUIRED = "BRUSHFIRE_CLUSTER"
_required = bool(os.environ.get(REQUIRED))


@pytest.fixture(scope="session")
def installed_servers() -> None:
    """Skip if the servers are missing, or fail if they are required."""
    try:
        java()
        kafka_libraries()
        minio_program()
    except StackError as error:
        if _required:
            raise
        pytest.skip(str(error))


@pytest.fixture(autouse=True)
def not_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the variable from the tests: Brushfire rejects an unknown variable with its prefix."""
    monkeypatch.delenv(REQUIRED, raising=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def open_cluster(
    tmp_path_factory: pytest.TempPathFactory, installed_servers: None
) -> AsyncIterator[ClusterStack]:
    """One broker and a store, both without encryption."""
    async with started(tmp_path_factory, 1, secure=False) as stack:
        yield stack


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def secure_cluster(
    tmp_path_factory: pytest.TempPathFactory, installed_servers: None
) -> AsyncIterator[ClusterStack]:
    """One broker and a store with TLS; the broker also offers its other protocols."""
    async with started(tmp_path_factory, 1, secure=True) as stack:
        yield stack


def started(tmp_path_factory: pytest.TempPathFactory, brokers: Literal[1, 3], *, secure: bool) -> ClusterStack:
    """An ephemeral cluster in a folder of its own. Enter it as a context to start it."""
    settings = Settings(data=tmp_path_factory.mktemp("cluster"), ephemeral=True)
    return ClusterStack(settings, brokers=brokers, secure=secure)
