"""What was spent, as a table for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich import box
from rich.table import Table
from rich.text import Text

from workers.reporting import words
from workers.reporting.spending import Grouping, SpendingRow
from workers.reporting.styled import styled

_HEADS: Final[dict[Grouping, tuple[str, str]]] = {
    "model": ("model", ""),
    "campaign": ("campaign", "day (UTC)"),
    "brief": ("brief", "outcome and topic"),
}
NEARLY: Final = 0.8
"""Share of a day's budget from which on its figure is yellow."""


def spending_table(rows: Sequence[SpendingRow], total: SpendingRow, by: Grouping) -> Table:
    """A line a row, and the total."""
    table = Table(title=f"Spending by {by}", title_justify="left", box=box.SIMPLE_HEAD, show_footer=True)
    name, detail = _HEADS[by]
    table.add_column(name, footer="total", no_wrap=True)
    if detail:
        table.add_column(detail, max_width=44, footer="")
    for head, footer in (
        ("briefs", words.count(total.briefs)),
        ("images", "" if total.images is None else words.count(total.images)),
        ("estimate", words.dollars(total.estimate_usd)),
        ("held", _dollars(total.held_usd)),
        ("spent", words.dollars(total.spent_usd)),
        ("of it unused", words.dollars(total.unused_usd)),
        ("budget of the day", ""),
    ):
        if _shown(head, by):
            table.add_column(head, footer=footer, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(*_cells(row, by, detail=bool(detail)))
    return table


def _cells(row: SpendingRow, by: Grouping, *, detail: bool) -> list[Text]:
    cells = {
        "briefs": Text(words.count(row.briefs)),
        "images": Text("" if row.images is None else words.count(row.images)),
        "estimate": Text(words.dollars(row.estimate_usd)),
        "held": Text(_dollars(row.held_usd)),
        "spent": Text(words.dollars(row.spent_usd), style="bold"),
        "of it unused": Text(words.dollars(row.unused_usd), style="red" if row.unused_usd else "dim"),
        "budget of the day": _limit(row),
    }
    named = [styled(row.name), *([styled(row.detail)] if detail else [])]
    return [*named, *(cell for head, cell in cells.items() if _shown(head, by))]


def _shown(head: str, by: Grouping) -> bool:
    """Models make images and hold nothing; a day has a budget."""
    only: dict[str, set[Grouping]] = {
        "images": {"model"},
        "held": {"campaign", "brief"},
        "briefs": {"campaign", "model"},
        "budget of the day": {"campaign"},
    }
    return by in only.get(head, {by})


def _limit(row: SpendingRow) -> Text:
    if row.limit_usd is None:
        return Text("")
    given = row.spent_usd + (row.held_usd or 0.0)
    share = given / row.limit_usd if row.limit_usd else 1.0
    return Text(f"{words.dollars(row.limit_usd)} ({share:.0%})", style="yellow" if share >= NEARLY else "")


def _dollars(amount: float | None) -> str:
    return "" if amount is None else words.dollars(amount)
