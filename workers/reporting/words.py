"""How figures and texts are written for people: money, time, shares, and untrusted text without side effects."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Final

from rich.text import Text

from schemas.outcomes import SignalOutcomeName
from schemas.scorecards import Measurement
from schemas.signals import clean_text

SHORT_UNIT: Final = 6
"""The longest unit, in letters, that is written behind its number; longer ones ("grey levels squared") are left out."""
TEXT_LIMIT: Final = 1000
"""Characters shown of an untrusted text; reasons and headlines are shorter."""

OUTCOME_ORDER: Final[tuple[SignalOutcomeName, ...]] = (
    "briefed",
    "blocked",
    "held",
    "ignored",
    "duplicate",
    "expired",
)
"""The order in which outcomes are shown: answered, kept back, not relevant."""

OUTCOME_MEANING: Final[dict[str, str]] = {
    "briefed": "answered by at least one campaign",
    "blocked": "carries something that a brand must not touch",
    "held": "could not be decided: waits for a person",
    "ignored": "no campaign answers it",
    "duplicate": "a trend that was seen before",
    "expired": "over before it could be answered",
    "waiting": "has no outcome yet",
}


def safe_text(text: str) -> str:
    """Untrusted `text` on one line, without control and direction characters, at most `TEXT_LIMIT` characters."""
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


def thousands(number: int) -> str:
    """A whole number with thin spaces between the thousands."""
    return f"{number:,}".replace(",", "\u2009")


def plural(number: int, noun: str) -> str:
    """``1 brief``, ``3 briefs``."""
    return f"{thousands(number)} {noun}" if number == 1 else f"{thousands(number)} {noun}s"


def moment(at: datetime) -> str:
    """Date and time to the minute, with the zone."""
    return f"{at:%d %b %Y, %H:%M} {at.tzname() or ''}".strip()


def byte_size(number: int) -> str:
    """Bytes as B, kB or MB (powers of ten)."""
    steps = ((1e3, f"{number} B"), (1e6, f"{number / 1e3:.0f} kB"))
    return next((text for limit, text in steps if number < limit), f"{number / 1e6:.1f} MB")


def measured_value(measurement: Measurement) -> str:
    """The value as it is usually written: shares as percentages, contrast as ``4.5:1``, short units behind it."""
    number = f"{measurement.value:.3g}" if abs(measurement.value) < 1e3 else f"{measurement.value:,.0f}"  # noqa: PLR2004
    if measurement.unit.startswith("share"):
        return f"{measurement.value:.1%}"
    if measurement.unit == "contrast ratio":
        return f"{number}:1"
    if measurement.unit == "CIEDE2000":
        return f"ΔE {number}"
    return f"{number} {measurement.unit}" if len(measurement.unit) <= SHORT_UNIT else number


def measurement_name(measurement: Measurement) -> str:
    """The name of a measurement as words: ``brand_colour.coverage`` becomes ``brand colour coverage``."""
    return measurement.name.replace("_", " ").replace(".", " ")


def styled(text: str, style: str = "") -> Text:
    """Untrusted `text` for the terminal in `style`; markup, escapes and direction characters in it have no effect."""
    return Text(safe_text(text), style=style)


def heading(kind: str, identifier: str) -> Text:
    """The kind of a thing and its id, for the terminal."""
    return Text.assemble((kind, "bold"), " ", (safe_text(identifier), "dim"))
