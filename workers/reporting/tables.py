"""Tables for the terminal: outcomes and assets."""

from __future__ import annotations

from collections.abc import Iterable

from rich import box
from rich.table import Table

from schemas.assets import Asset
from schemas.outcomes import BriefOutcome, SignalOutcome
from workers.reporting import words
from workers.reporting.styled import styled

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
"""The colour of an outcome, of a signal or of a brief."""


def outcomes_table(outcomes: Iterable[SignalOutcome | BriefOutcome], title: str = "Outcomes") -> Table:
    """One line an outcome: what of, which, why, when."""
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
    """One line an asset: id, topic, campaign, formats, price, when."""
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
    """What the outcome is of, and the market where it has one."""
    return (outcome.topic, outcome.market) if isinstance(outcome, SignalOutcome) else (outcome.brief_id, "")


def _why(outcome: SignalOutcome | BriefOutcome) -> str:
    """The reason, with the words that decided where a verdict names them and the reason does not."""
    if not isinstance(outcome, SignalOutcome) or outcome.verdict is None:
        return outcome.reason
    named = [f"“{found.words}” ({found.category}, {found.where})" for found in outcome.verdict.findings]
    new = [finding for finding in named if finding not in outcome.reason]
    return "; ".join([outcome.reason, *new])
