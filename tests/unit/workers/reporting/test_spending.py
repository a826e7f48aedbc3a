"""What `brushfire spend` sums up."""

from __future__ import annotations

import io
from datetime import date

import pytest
from rich.console import Console

from schemas.money import UnusedPayment
from tests.support.factories import NOW
from workers.reporting.spending import UNKNOWN_MODEL, BriefSpending, Grouping, ImageCost, rows, total
from workers.reporting.tables import spending_table

DAY = date(2026, 11, 22)


def unused(usd: float, model: str = "fast") -> UnusedPayment:
    return UnusedPayment(
        job_id="drf-1",
        brief_id="brf-1",
        campaign_id="a",
        model=model,
        usd=usd,
        error="BadOutput",
        reason="empty",
        at=NOW,
    )


SPENDINGS = (
    BriefSpending(
        "brf-1", "a", DAY, "lapland", "delivered", 0.5, 0.0, 0.4, 3.0,
        (ImageCost("fast", 0.1, 0.1), ImageCost("fast", 0.05, 0.1), ImageCost("flagship", 0.2, 0.15)), (unused(0.05),),
    ),
    BriefSpending("brf-2", "a", DAY, "sauna", "open", 0.5, 0.3, 0.2, 3.0, (ImageCost("fast", 0.2, 0.1),)),
    BriefSpending("brf-3", "b", date(2026, 11, 23), "", "never sent", 0.7, 0.7, 0.0),
)  # fmt: skip


def test_by_campaign_a_line_is_a_day() -> None:
    first, second = rows(SPENDINGS, "campaign")
    assert (first.name, first.detail, first.briefs, first.limit_usd) == ("a", "2026-11-22", 2, 3.0)
    assert (first.estimate_usd, first.held_usd, first.spent_usd, first.unused_usd) == pytest.approx(
        (1.0, 0.3, 0.6, 0.05)
    )
    assert (second.name, second.detail, second.held_usd) == ("b", "2026-11-23", 0.7)


def test_by_model_images_and_wasted_attempts_count() -> None:
    fast, flagship = rows(SPENDINGS, "model")
    assert (fast.name, fast.briefs, fast.images, fast.held_usd) == ("fast", 2, 3, None)
    assert (fast.estimate_usd, fast.spent_usd, fast.unused_usd) == pytest.approx((0.3, 0.4, 0.05))
    assert (flagship.name, flagship.spent_usd) == ("flagship", 0.2)


def test_by_model_expired_ledger_entries_have_their_own_line() -> None:
    old = BriefSpending("brf-9", "a", DAY, "sauna", "delivered", 0.5, 0.0, 0.4)
    (row,) = rows([old], "model")
    assert (row.name, row.spent_usd) == (UNKNOWN_MODEL, 0.4)


def test_by_brief_each_has_its_line() -> None:
    assert [row.name for row in rows(SPENDINGS, "brief")] == ["brf-1", "brf-2", "brf-3"]
    assert [row.detail for row in rows(SPENDINGS, "brief")] == ["delivered: lapland", "open: sauna", "never sent"]


@pytest.mark.parametrize("by", ["campaign", "brief", "model"])
def test_the_lines_add_up_to_the_total(by: Grouping) -> None:
    whole = total(SPENDINGS, by)
    lines = rows(SPENDINGS, by)
    for figure in ("estimate_usd", "spent_usd", "unused_usd", "held_usd", "images"):
        assert sum(getattr(row, figure) or 0 for row in lines) == pytest.approx(getattr(whole, figure) or 0), figure
    assert whole.briefs == 3
    assert whole.spent_usd == pytest.approx(0.6)


@pytest.mark.parametrize("by", ["campaign", "brief", "model"])
def test_the_table_shows_names_and_dollars(by: Grouping) -> None:
    out = io.StringIO()
    Console(file=out, width=160).print(spending_table(rows(SPENDINGS, by), total(SPENDINGS, by), by))
    said = out.getvalue()
    assert f"Spending by {by}" in said
    assert all(row.name in said for row in rows(SPENDINGS, by))
    assert "total" in said
    assert "$0.60" in said
    assert ("budget of the day" in said) == (by == "campaign")
