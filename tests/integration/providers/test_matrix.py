"""The contract matrix: every adapter, every operation that it does, every case that it can meet."""

from __future__ import annotations

import pytest

from tests.integration.providers.adapters import ADAPTERS
from tests.integration.providers.bench import Bench
from tests.integration.providers.cases import CASES
from tests.integration.providers.matrix import cells, table

CELLS = list(cells())


@pytest.mark.parametrize(("api", "operation", "case"), CELLS, ids=lambda value: value)
async def test_cell(bench: Bench, case: str):
    await CASES[case].check(bench)


def test_the_matrix_leaves_nothing_out():
    assert len(CELLS) == len(set(CELLS)) >= 800
    assert {(api, operation) for api, operation, _ in CELLS} == {
        (adapter.name, operation) for adapter in ADAPTERS.values() for operation in adapter.models
    }
    assert {case for _, _, case in CELLS} == set(CASES)
    assert f"{len(CELLS)} cells" in table()
