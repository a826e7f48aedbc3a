"""Text for the terminal that holds strangers' words: never markup, never control characters."""

from __future__ import annotations

from rich.text import Text

from workers.reporting.words import plain


def styled(text: str, style: str = "") -> Text:
    """`text` in `style`; square brackets, escapes and direction characters in it mean nothing."""
    return Text(plain(text), style=style)


def label(kind: str, identifier: str) -> Text:
    """What a thing is, and its id."""
    return Text.assemble((kind, "bold"), " ", (plain(identifier), "dim"))
