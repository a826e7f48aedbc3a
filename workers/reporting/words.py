"""How figures and texts are written for people: money, time, shares, and strangers' text made harmless."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Final

from schemas.outcomes import SignalOutcomeName
from schemas.scorecards import Measurement
from schemas.signals import clean_text

SHORT_UNIT: Final = 6
"""Letters of a unit that stands behind its number; a longer one ("grey levels squared") is told apart from it."""
TEXT_LIMIT: Final = 1000
"""Characters of a text from outside that are shown; reasons and headlines end below it."""

OUTCOME_ORDER: Final[tuple[SignalOutcomeName, ...]] = (
    "briefed",
    "blocked",
    "held",
    "ignored",
    "duplicate",
    "expired",
)
"""The order in which outcomes are shown: what was answered, what was kept back, what did not matter."""

OUTCOME_MEANING: Final[dict[str, str]] = {
    "briefed": "answered by at least one campaign",
    "blocked": "carries something that a brand must not touch",
    "held": "could not be judged: waits for a person",
    "ignored": "no campaign answers it",
    "duplicate": "a trend that was seen before",
    "expired": "over before it could be answered",
    "waiting": "has no outcome yet",
}


def plain(text: str) -> str:
    """`text` on one line, without control and direction characters, at most `TEXT_LIMIT` characters."""
    return clean_text(text, TEXT_LIMIT)


def dollars(amount: float) -> str:
    """US dollars with two significant digits at least, never in powers of ten: ``$12.40``, ``$0.056``, ``$0.00040``."""
    digits = 2 if amount == 0 else max(2, 1 - math.floor(math.log10(amount)))
    return f"${amount:,.{digits}f}"


def duration(seconds: float | None) -> str:
    """A duration: ``40 ms``, ``0.4 s``, ``12 s``, ``3 min 5 s``, ``2 h 10 min``; a dash where there is none."""
    if seconds is None:
        return "–"
    steps = ((0.1, f"{seconds * 1000:.0f} ms"), (9.95, f"{seconds:.1f} s"), (59.5, f"{seconds:.0f} s"))
    short = next((text for limit, text in steps if seconds < limit), None)
    return short or _long_duration(round(seconds))


def _long_duration(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def count(number: int) -> str:
    """A whole number with thin spaces between the thousands."""
    return f"{number:,}".replace(",", "\u2009")


def plural(number: int, noun: str) -> str:
    """``1 brief``, ``3 briefs``."""
    return f"{count(number)} {noun}" if number == 1 else f"{count(number)} {noun}s"


def moment(at: datetime) -> str:
    """Date and time to the minute, with the zone."""
    return f"{at:%d %b %Y, %H:%M} {at.tzname() or ''}".strip()


def size(number: int) -> str:
    """Bytes as B, kB or MB (powers of ten)."""
    steps = ((1e3, f"{number} B"), (1e6, f"{number / 1e3:.0f} kB"))
    return next((text for limit, text in steps if number < limit), f"{number / 1e6:.1f} MB")


def value(measurement: Measurement) -> str:
    """The value as it is usually written: shares as percentages, contrast as ``4.5:1``, short units behind it."""
    number = f"{measurement.value:.3g}" if abs(measurement.value) < 1e3 else f"{measurement.value:,.0f}"  # noqa: PLR2004
    if measurement.unit.startswith("share"):
        return f"{measurement.value:.1%}"
    if measurement.unit == "contrast ratio":
        return f"{number}:1"
    if measurement.unit == "CIEDE2000":
        return f"ΔE {number}"
    return f"{number} {measurement.unit}" if len(measurement.unit) <= SHORT_UNIT else number


def label(measurement: Measurement) -> str:
    """The name as words: ``brand_colour.coverage`` becomes ``brand colour coverage``."""
    return measurement.name.replace("_", " ").replace(".", " ")
