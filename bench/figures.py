"""The report of every bench: figures with their targets, as a table and as JSON."""

from __future__ import annotations

import json
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

RESULTS: Final = Path(__file__).with_name("results")
COMPARISONS: Final = {"<=": operator.le, ">=": operator.ge}

console: Final = Console(highlight=False)


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value. `target` is a comparison such as ``<= 4``, in the same unit, or None."""

    figure: str
    value: float
    unit: str
    target: str | None = None

    @property
    def met(self) -> bool | None:
        """Whether the value meets the target; None without one."""
        if self.target is None:
            return None
        sign, _, bound = self.target.partition(" ")
        return bool(COMPARISONS[sign](self.value, float(bound)))


def say(text: str) -> None:
    """Print what the bench is doing."""
    console.print(f"[dim]{text}[/]")


def report(name: str, figures: Sequence[Figure]) -> Path:
    """Print `figures`, write them to ``results/<name>.json`` and return that path."""
    console.print(_table(name, figures))
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    rows = [
        {"figure": f.figure, "value": round(f.value, 4), "unit": f.unit, "target": f.target, "met": f.met}
        for f in figures
    ]
    path.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", "utf-8")
    console.print(f"written: {path}")
    return path


def _table(name: str, figures: Sequence[Figure]) -> Table:
    table = Table("figure", "value", "unit", "target", "met", title=name)
    for number in (1, 3):
        table.columns[number].justify = "right"
    words = {True: "[green]yes[/]", False: "[red]no[/]", None: ""}
    for f in figures:
        table.add_row(f.figure, f"{f.value:,.3f}", f.unit, f.target or "", words[f.met])
    return table
