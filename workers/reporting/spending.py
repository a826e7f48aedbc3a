"""What briefs cost, summed by campaign, by model or by brief. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeVar

from schemas.base import Dollars, Model
from schemas.money import UnusedPayment

K = TypeVar("K")
Grouping = Literal["model", "campaign", "brief"]

UNKNOWN_MODEL: Final = "no longer in the ledger"
"""The name of the line for what was spent before the ledger's oldest entry."""
ROUNDING_USD: Final = 1e-9


@dataclass(frozen=True, slots=True)
class ImageCost:
    """The cost of an image: its model, what it cost, and the estimate in its plan (US dollars)."""

    model: str
    usd: float
    estimate_usd: float


@dataclass(frozen=True, slots=True)
class BriefSpending:
    """The estimate, the reservation and the cost of a brief (US dollars). `spent_usd` includes the unused payments.

    `images` are those in the ledger: all of an open brief; of an ended one only if the caller asked for them.
    """

    brief_id: str
    campaign_id: str
    day: date
    topic: str
    outcome: str
    estimate_usd: float
    held_usd: float
    spent_usd: float
    day_limit_usd: float | None = None
    images: tuple[ImageCost, ...] = ()
    unused: tuple[UnusedPayment, ...] = ()

    @property
    def unused_usd(self) -> float:
        """Payments that brought no image."""
        return sum(payment.usd for payment in self.unused)


class SpendingRow(Model):
    """One line of a spending report: `name` is a campaign's day, a model or a brief.

    `held_usd` is reserved and not spent. `unused_usd` is the part of `spent_usd` that brought no image. `limit_usd` is
    the day's budget. A value that does not apply is None: a model holds no money, a sum has no budget.
    """

    name: str
    detail: str = ""
    briefs: int
    images: int | None = None
    estimate_usd: Dollars
    held_usd: Dollars | None = None
    spent_usd: Dollars
    unused_usd: Dollars
    limit_usd: Dollars | None = None


def rows(spendings: Iterable[BriefSpending], by: Grouping) -> list[SpendingRow]:
    """The lines, sorted by name; lines of briefs by day."""
    found = list(spendings)
    if by == "brief":
        return [_of_brief(each) for each in sorted(found, key=lambda each: (each.day, each.campaign_id))]
    return _of_models(found) if by == "model" else _of_campaigns(found)


def total(spendings: Iterable[BriefSpending], by: Grouping) -> SpendingRow:
    """The sum of the lines of `rows`, each brief counted once."""
    found = list(spendings)
    return _total_of_models(found) if by == "model" else _sum("total", "", found)


def _of_brief(each: BriefSpending) -> SpendingRow:
    return _sum(each.brief_id, f"{each.outcome}: {each.topic}" if each.topic else each.outcome, [each])


def _of_campaigns(found: list[BriefSpending]) -> list[SpendingRow]:
    groups = _grouped(found, lambda each: (each.campaign_id, each.day))
    return [
        _sum(campaign, day.isoformat(), group).model_copy(update={"limit_usd": _limit(group)})
        for (campaign, day), group in sorted(groups.items())
    ]


def _limit(group: list[BriefSpending]) -> float | None:
    """The day's budget, as the newest of its briefs has it."""
    limits = [each.day_limit_usd for each in group if each.day_limit_usd is not None]
    return limits[-1] if limits else None


def _sum(name: str, detail: str, group: list[BriefSpending]) -> SpendingRow:
    return SpendingRow(
        name=name,
        detail=detail,
        briefs=len(group),
        estimate_usd=sum(each.estimate_usd for each in group),
        held_usd=sum(each.held_usd for each in group),
        spent_usd=sum(each.spent_usd for each in group),
        unused_usd=sum(each.unused_usd for each in group),
    )


def _of_models(found: list[BriefSpending]) -> list[SpendingRow]:
    names = {image.model for each in found for image in each.images}
    names |= {payment.model for each in found for payment in each.unused}
    lines = [_of_model(name, found) for name in sorted(names)]
    unknown = sum(each.spent_usd for each in found) - sum(row.spent_usd for row in lines)
    if unknown <= ROUNDING_USD:
        return lines
    return [*lines, SpendingRow(name=UNKNOWN_MODEL, briefs=0, estimate_usd=0.0, spent_usd=unknown, unused_usd=0.0)]


def _total_of_models(found: list[BriefSpending]) -> SpendingRow:
    lines = _of_models(found)
    return SpendingRow(
        name="total",
        briefs=len(found),
        images=sum(line.images or 0 for line in lines),
        estimate_usd=sum(line.estimate_usd for line in lines),
        spent_usd=sum(line.spent_usd for line in lines),
        unused_usd=sum(line.unused_usd for line in lines),
    )


def _of_model(name: str, found: list[BriefSpending]) -> SpendingRow:
    images = [image for each in found for image in each.images if image.model == name]
    unused = sum(payment.usd for each in found for payment in each.unused if payment.model == name)
    asked = (
        each
        for each in found
        if any(image.model == name for image in each.images) or any(p.model == name for p in each.unused)
    )
    return SpendingRow(
        name=name,
        briefs=sum(1 for _ in asked),
        images=len(images),
        estimate_usd=sum(image.estimate_usd for image in images),
        spent_usd=sum(image.usd for image in images) + unused,
        unused_usd=unused,
    )


def _grouped(found: list[BriefSpending], key: Callable[[BriefSpending], K]) -> dict[K, list[BriefSpending]]:
    groups: dict[K, list[BriefSpending]] = {}
    for each in found:
        groups.setdefault(key(each), []).append(each)
    return groups
