"""The documents as the tests read them: code, links, headings and tables."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "examples").glob("*/README.md"),
    ]
)

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"(?:^    .*\n)+", re.MULTILINE)
_INLINE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def fenced(text: str, language: str) -> list[str]:
    """The fenced blocks of `language`."""
    return [body for kind, body in _FENCE.findall(text) if kind == language]


def code(text: str) -> list[str]:
    """Every line of code blocks, and every span of code in the prose, without comments."""
    prose = _FENCE.sub("", text)
    blocks = [body for _, body in _FENCE.findall(text)] + _INDENTED.findall(prose)
    lines = [line for block in blocks for line in block.splitlines()] + _INLINE.findall(_INDENTED.sub("", prose))
    return [line.split("  #")[0].strip() for line in lines]


def links(text: str) -> list[str]:
    """The targets of links and images."""
    return [first or second for first, second in _LINK.findall(_FENCE.sub("", text))]


def anchors(text: str) -> set[str]:
    """The headings' anchors, as GitHub makes them."""
    headings = _HEADING.findall(_FENCE.sub("", text))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def rows(text: str) -> list[list[str]]:
    """The cells of every table row."""
    lines = (line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| ---"))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
