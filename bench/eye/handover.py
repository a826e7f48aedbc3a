"""The handover bench: the operation that each diagnosis gets, and whether that repairs the fault.

Every case passes the steps of a real candidate: its draft is scored, a board promotes it and chooses the handover, the
refiner's preparation draws the mask, a local model makes the image, and its scorecard goes back to the board, which
judges the drift and tries once more where it may. A case counts as repaired when the measurement that decided the
diagnosis is better afterwards, and as kept when the board let the refinement pass.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
from rich.table import Table

from bench.eye.handover_cases import FAULTS, Fault, cases
from bench.eye.handover_run import Line, Run
from bench.figures import Figure, console, report, say
from routing.brief.handover import OPTIONS

CASES: Final = 16
"""Of each fault; ``ONLY=8`` draws fewer."""
TARGET: Final = ">= 0.9"


@dataclass(frozen=True)
class Row:
    """The results of the cases of one fault."""

    fault: Fault
    runs: Sequence[Run]

    @property
    def promoted(self) -> list[Run]:
        """The runs whose candidate passed the gates."""
        return [run for run in self.runs if run.handover is not None]

    def share(self, *, first_only: bool = False) -> float:
        """The share of the promoted that were repaired and kept."""
        good = [run.repaired and (run.passed_first if first_only else run.passed) for run in self.promoted]
        return statistics.fmean(good) if good else 0.0


def main(arguments: list[str]) -> None:
    """Run all cases and report."""
    count = int(arguments[0]) if arguments else CASES
    rows = asyncio.run(_rows(count))
    console.print(_table(rows))
    report("handover", _figures(rows))


async def _rows(count: int) -> list[Row]:
    cv2.setNumThreads(1)
    async with Line.opened() as line:
        rows: list[Row] = []
        for fault in FAULTS:
            say(f"handing over: {fault.name}")
            drawn = await cases(line.campaigns, line.logos, line.composer, fault, count)
            rows.append(Row(fault, [await line.run(case) for case in drawn]))
            for run in rows[-1].promoted:
                if not (run.repaired and run.passed):
                    say(f"  {run.summary()}")
        return rows


def _figures(rows: Sequence[Row]) -> list[Figure]:
    promoted = [run for row in rows for run in row.promoted]
    figures = [
        Figure("candidates", sum(len(row.runs) for row in rows), "drafts"),
        Figure("passed the gates", len(promoted), "drafts"),
        Figure("diagnosed as planted", statistics.fmean(run.as_planted for run in promoted), "share"),
        Figure("repaired and kept", statistics.fmean(run.repaired and run.passed for run in promoted), "share", TARGET),
        Figure(
            "repaired and kept at the first attempt",
            statistics.fmean(run.repaired and run.passed_first for run in promoted),
            "share",
        ),
    ]
    return [
        *figures,
        *(Figure(f"{row.fault.name}: repaired and kept", row.share(), "share", TARGET) for row in rows),
    ]


def _table(rows: Sequence[Row]) -> Table:
    table = Table("planted", "diagnosis", "operations", "measure", "before", "after", "promoted", "repaired", "kept")
    for row in rows:
        runs = row.promoted
        if not runs:
            table.add_row(row.fault.name, "", "", "", "", "", f"0 of {len(row.runs)}")
            continue
        table.add_row(
            row.fault.name,
            _counted(run.finding.diagnosis for run in runs),
            _counted(run.way for run in runs),
            _counted(run.finding.measurement or "size" for run in runs),
            f"{statistics.median(run.before for run in runs):.2f}",
            f"{statistics.median(run.after for run in runs):.2f}",
            f"{len(runs)} of {len(row.runs)}",
            f"{statistics.fmean(run.repaired for run in runs):.0%}",
            f"{statistics.fmean(run.passed for run in runs):.0%}",
        )
    unused = set(OPTIONS) - {run.finding.diagnosis for row in rows for run in row.promoted}
    table.caption = f"not met in these cases: {', '.join(sorted(unused))}" if unused else None
    return table


def _counted(names: object) -> str:
    listed = list(names)  # type: ignore[call-overload]
    return ", ".join(f"{name} {listed.count(name)}" for name in sorted(set(listed)))


if __name__ == "__main__":
    main(sys.argv[1:])
