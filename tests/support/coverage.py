"""Lines and branches that the tests ran, by room: ``python -m tests.support.coverage FILE`` (JSON of slipcover)."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

COUNTED = ("covered_lines", "missing_lines", "covered_branches", "missing_branches")


def table(report: dict[str, dict[str, dict[str, dict[str, int]]]]) -> str:
    """One row for each room, and one for all."""
    rooms: dict[str, Counter[str]] = {}
    for file, measured in report["files"].items():
        for room in (file.split("/", maxsplit=1)[0], "all"):
            rooms.setdefault(room, Counter()).update({what: measured["summary"][what] for what in COUNTED})
    order = sorted(rooms, key=lambda room: (room == "all", room))
    return "\n".join(["coverage     lines  branches", *(_row(room, rooms[room]) for room in order)])


def _row(room: str, counts: Counter[str]) -> str:
    return f"{room:10} {_share(counts, 'lines'):>7} {_share(counts, 'branches'):>9}"


def _share(counts: Counter[str], what: str) -> str:
    covered, missing = counts[f"covered_{what}"], counts[f"missing_{what}"]
    return f"{covered / (covered + missing):.1%}" if covered + missing else "-"


if __name__ == "__main__":
    sys.stdout.write(table(json.loads(Path(sys.argv[1]).read_text("utf-8"))) + "\n")
