"""Compare two finished runs of the same feed: ``make bench NAME=compare-runs ONLY="out-before out-after"``.

A change that promises the same behaviour gives the same outcomes, the same asset ids and the same bytes of every
rendition, because ids and seeds are hashes of what they name. Times, and the wording of reasons, may differ.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from bench.figures import Figure, report, say

IMAGES = {".jpg", ".png", ".webp"}


def outcomes(run: Path) -> dict[str, str]:
    """The outcome of each signal and brief in `run`, a folder that ``brushfire run --out`` wrote, by id."""
    lines = map(json.loads, (run / "outcomes.jsonl").read_text("utf-8").splitlines())
    return {line.get("brief_id") or line["signal_id"]: line["name"] for line in lines}


def renditions(run: Path) -> dict[str, str]:
    """The SHA-256 of each rendition in `run`, by its path below ``assets``; the path begins with the asset id."""
    folder = run / "assets"
    found = (path for path in folder.rglob("*") if path.suffix in IMAGES)
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """What differs, one line each, in the order of the keys: missing, added or changed."""
    return [
        f"{key}: {before.get(key, 'missing')} -> {after.get(key, 'missing')}"
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]


def main(folders: list[str]) -> None:
    """Compare two run folders and report. Exit code 1 where they differ, 2 for wrong usage."""
    if len(folders) != 2:
        raise SystemExit("name two folders of finished runs: before and after")
    before, after = map(Path, folders)
    ways = {"outcomes": outcomes, "renditions": renditions}
    figures, differing = [], 0
    for name, read in ways.items():
        first, second = read(before), read(after)
        lines = differences(first, second)
        for line in lines:
            say(line)
        figures += [Figure(f"{name} compared", len(second), ""), Figure(f"{name} that differ", len(lines), "", "<= 0")]
        differing += len(lines)
    report("compare-runs", figures)
    if differing:
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
