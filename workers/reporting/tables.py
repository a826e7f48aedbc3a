"""Tables for the terminal: outcomes, assets and spending."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from rich import box
from rich.table import Table
from rich.text import Text

from schemas.assets import Asset
from schemas.outcomes import BriefOutcome, SignalOutcome
from workers.reporting import words
from workers.reporting.spending import Grouping, SpendingRow
from workers.reporting.words import styled

OUTCOME_STYLES = {
    "briefed": "green",
    "delivered": "green",
    "blocked": "red",
    "failed": "red",
    "rejected": "red",
    "held": "yellow",
    "expired": "yellow",
    "ignored": "dim",
    "duplicate": "dim",
}
"""The colour of an outcome of a signal or a brief."""
_HEADS: Final[dict[Grouping, tuple[str, str]]] = {
    "model": ("model", ""),
    "campaign": ("campaign", "day (UTC)"),
    "brief": ("brief", "outcome and topic"),
}
NEARLY: Final = 0.8
"""Share of a day's budget from which its figure is yellow."""


def outcomes_table(outcomes: Iterable[SignalOutcome | BriefOutcome], title: str = "Outcomes") -> Table:
    """One line for each outcome: which, of what, why, when."""
    table = _table(title)
    table.add_column("outcome", no_wrap=True)
    table.add_column("of", max_width=28)
    table.add_column("market", no_wrap=True)
    table.add_column("why", ratio=1, min_width=24, overflow="fold")
    table.add_column("decided", no_wrap=True)
    for outcome in outcomes:
        of, market = _subject(outcome)
        table.add_row(
            styled(outcome.name, OUTCOME_STYLES.get(outcome.name, "")),
            styled(of),
            styled(market),
            styled(_why(outcome)),
            styled(f"{outcome.decided_at:%H:%M:%S}", "dim"),
        )
    return table


def assets_table(assets: Iterable[Asset], title: str = "Assets") -> Table:
    """One line for each asset: id, topic, campaign, formats, price, when."""
    table = _table(title)
    for name in ("asset", "campaign"):
        table.add_column(name, no_wrap=True)
    table.add_column("topic", max_width=40)
    table.add_column("formats", ratio=1)
    table.add_column("price", justify="right", no_wrap=True)
    table.add_column("published", no_wrap=True)
    for asset in assets:
        table.add_row(
            styled(asset.asset_id, "bold"),
            styled(asset.campaign_id),
            styled(asset.topic),
            styled(", ".join(part.form_name for part in asset.renditions)),
            styled(words.dollars(asset.price_usd)),
            styled(words.moment(asset.published_at), "dim"),
        )
    return table


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, expand=True)


def _subject(outcome: SignalOutcome | BriefOutcome) -> tuple[str, str]:
    """The subject of the outcome, and its market where it has one."""
    return (outcome.topic, outcome.market) if isinstance(outcome, SignalOutcome) else (outcome.brief_id, "")


def _why(outcome: SignalOutcome | BriefOutcome) -> str:
    """The reason, and the verdict's findings that the reason does not name."""
    if not isinstance(outcome, SignalOutcome) or outcome.verdict is None:
        return outcome.reason
    named = [f"“{found.words}” ({found.category}, {found.where})" for found in outcome.verdict.findings]
    new = [finding for finding in named if finding not in outcome.reason]
    return "; ".join([outcome.reason, *new])


def spending_table(rows: Sequence[SpendingRow], total: SpendingRow, by: Grouping) -> Table:
    """One line for each row, and the total."""
    table = Table(title=f"Spending by {by}", title_justify="left", box=box.SIMPLE_HEAD, show_footer=True)
    name, detail = _HEADS[by]
    table.add_column(name, footer="total", no_wrap=True)
    if detail:
        table.add_column(detail, max_width=44, footer="")
    for head, footer in (
        ("briefs", words.thousands(total.briefs)),
        ("images", "" if total.images is None else words.thousands(total.images)),
        ("estimate", words.dollars(total.estimate_usd)),
        ("held", _dollars(total.held_usd)),
        ("spent", words.dollars(total.spent_usd)),
        ("of it unused", words.dollars(total.unused_usd)),
        ("budget of the day", ""),
    ):
        if _is_shown(head, by):
            table.add_column(head, footer=footer, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(*_spending_cells(row, by, detail=bool(detail)))
    return table


def _spending_cells(row: SpendingRow, by: Grouping, *, detail: bool) -> list[Text]:
    cells = {
        "briefs": Text(words.thousands(row.briefs)),
        "images": Text("" if row.images is None else words.thousands(row.images)),
        "estimate": Text(words.dollars(row.estimate_usd)),
        "held": Text(_dollars(row.held_usd)),
        "spent": Text(words.dollars(row.spent_usd), style="bold"),
        "of it unused": Text(words.dollars(row.unused_usd), style="red" if row.unused_usd else "dim"),
        "budget of the day": _budget(row),
    }
    named = [styled(row.name), *([styled(row.detail)] if detail else [])]
    return [*named, *(cell for head, cell in cells.items() if _is_shown(head, by))]


def _is_shown(head: str, by: Grouping) -> bool:
    """Does a table by `by` have this column? Models make images and hold no money; a day has a budget."""
    only: dict[str, set[Grouping]] = {
        "images": {"model"},
        "held": {"campaign", "brief"},
        "briefs": {"campaign", "model"},
        "budget of the day": {"campaign"},
    }
    return by in only.get(head, {by})


def _budget(row: SpendingRow) -> Text:
    if row.limit_usd is None:
        return Text("")
    given = row.spent_usd + (row.held_usd or 0.0)
    share = given / row.limit_usd if row.limit_usd else 1.0
    return Text(f"{words.dollars(row.limit_usd)} ({share:.0%})", style="yellow" if share >= NEARLY else "")


def _dollars(amount: float | None) -> str:
    return "" if amount is None else words.dollars(amount)
