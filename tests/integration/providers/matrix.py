"""``python -m tests.integration.providers.matrix``: the contract matrix, counted."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator

from tests.integration.providers.adapters import ADAPTERS
from tests.integration.providers.cases import CASES
from tests.integration.providers.descriptions import RULES


def cells() -> Iterator[tuple[str, str, str]]:
    """Adapter, operation, case: all that belong together."""
    for adapter in ADAPTERS.values():
        for operation in adapter.models:
            for case in CASES.values():
                if case.applies(adapter, operation):
                    yield adapter.name, operation, case.name


def table() -> str:
    """How many cells there are for each adapter and operation, and for each case."""
    rows = Counter((api, operation) for api, operation, _ in cells())
    cases = Counter(case for _, _, case in cells())
    lines = [f"{api:14} {operation:16} {count:4}" for (api, operation), count in rows.items()]
    lines += ["", *(f"{case.replace('_', ' '):56} {count:4}" for case, count in cases.items()), ""]
    lines += [f"{api}: {', '.join(names)}" for api, names in described().items()]
    lines += ["these requests are held against published descriptions; no other adapter's are to be had", ""]
    count = f"{len(ADAPTERS)} adapters, {len(rows)} operations of theirs, {len(cases)} cases"
    return "\n".join([*lines, f"{count}: {rows.total()} cells; {len(rows) * len(cases) - rows.total()} cannot be met"])


def described() -> dict[str, list[str]]:
    """The schemas of requests that are held against what their providers publish, by adapter."""
    return {api: [rule.request for rule in rules if rule.request] for api, rules in RULES.items()}


if __name__ == "__main__":
    sys.stdout.write(table() + "\n")
