"""The store's contract over MinIO, with the rights of Brushfire's own user; with TLS and without."""

from __future__ import annotations

import pytest

from infra.settings import Settings
from tests.integration.stack.test_store_contract import *  # noqa: F403 - all of it, over the stack below

pytestmark = pytest.mark.cluster


@pytest.fixture(params=["open_cluster", "secure_cluster"])
def stack(request: pytest.FixtureRequest) -> Settings:
    """In place of the contract's own."""
    settings: Settings = request.getfixturevalue(request.param).settings
    return settings
