"""A campaign's YAML as plain data that remembers its lines.

Aliases can make a few lines of YAML unfold to millions ("billion laughs"). So the size of the file, its depth and the
number of unfolded values are limited before anything walks through them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from schemas.errors import InvalidCampaign

SIZE_LIMIT: Final = 256 * 1024
"""Bytes of a campaign file; a campaign with fifty lines of copy in ten languages has about 60 kB."""
VALUE_LIMIT: Final = 20_000
DEPTH_LIMIT: Final = 30
_OPEN_BRACKETS_LIMIT: Final = 100
"""Above `DEPTH_LIMIT`, because a text may contain brackets too."""
_BRACKET: Final = re.compile(r"[\[\]{}]")


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file: `plain` is its data in built-in types, `tree` the same with lines."""

    plain: dict[str, Any]
    tree: CommentedMap

    def line(self, location: Sequence[int | str]) -> int | None:
        """The line (from 1) of the value at `location`, or of the nearest thing around it that is in the file."""
        node: Any = self.tree
        line: int | None = self.tree.lc.line + 1
        for part in location:
            position = _position(node, part)
            if position is None:
                break
            line, node = position + 1, node[part]
        return line


def read_document(path: Path) -> Document:
    """Read the file. Raises `InvalidCampaign` where it is not a mapping or exceeds a limit."""
    text = _text(path)
    _refuse_brackets(path, text)
    try:
        tree = YAML(typ="rt", pure=True).load(text)
    except DuplicateKeyError as error:
        raise InvalidCampaign(str(path), _line(error), "a mapping has the same key twice; keep one of them") from error
    except MarkedYAMLError as error:
        raise InvalidCampaign(str(path), _line(error), f"is not valid YAML: {_advice(error)}") from error
    except (YAMLError, ValueError) as error:
        raise InvalidCampaign(str(path), None, f"is not valid YAML: {str(error).splitlines()[0][:200]}") from error
    except RecursionError as error:
        raise InvalidCampaign(str(path), None, f"nests more than {DEPTH_LIMIT} deep; a campaign needs 5") from error
    if not isinstance(tree, CommentedMap):
        raise InvalidCampaign(str(path), 1, "is not a mapping; begin with `campaign_id: my-campaign`")
    try:
        return Document(_plain(tree, _Allowance()), tree)
    except _TooMuch as error:
        raise InvalidCampaign(str(path), None, str(error)) from error


def _refuse_brackets(path: Path, text: str) -> None:
    """The parser's time grows with the square of open brackets. Raises `InvalidCampaign` before it starts."""
    depth = 0
    for bracket in _BRACKET.findall(text):
        depth = max(0, depth + (1 if bracket in "[{" else -1))
        if depth > _OPEN_BRACKETS_LIMIT:
            raise InvalidCampaign(str(path), None, f"nests more than {DEPTH_LIMIT} deep; a campaign needs 5")


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise InvalidCampaign(str(path), None, f"is above {SIZE_LIMIT // 1024} kB; one file holds one campaign")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InvalidCampaign(str(path), None, f"cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise InvalidCampaign(str(path), line, "is not UTF-8; save the file in that encoding") from error


class _TooMuch(Exception):
    """The document exceeds a limit."""


class _Allowance:
    """Counts the values that may still be unfolded."""

    def __init__(self) -> None:
        self.left = VALUE_LIMIT

    def take(self, depth: int) -> None:
        self.left -= 1
        if self.left < 0:
            raise _TooMuch(f"unfolds to more than {VALUE_LIMIT} values; use fewer anchors and aliases (& and *)")
        if depth > DEPTH_LIMIT:
            raise _TooMuch(f"nests more than {DEPTH_LIMIT} deep; a campaign needs 5")


def _plain(node: Any, allowance: _Allowance, depth: int = 0) -> Any:
    """`node` in built-in types, its aliases unfolded."""
    allowance.take(depth)
    if isinstance(node, CommentedMap):
        return {str(key): _plain(value, allowance, depth + 1) for key, value in node.items()}
    if isinstance(node, CommentedSeq):
        return [_plain(value, allowance, depth + 1) for value in node]
    if isinstance(node, bool) or node is None:
        return node
    for kind in (int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return str(node)


def _position(node: Any, part: int | str) -> int | None:
    """The line (from 0) of the key or element `part` of `node`, or None where it is not there."""
    try:
        if isinstance(node, CommentedMap) and part in node:
            return int(node.lc.key(part)[0])
        if isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
            return int(node.lc.item(part)[0])
    except (KeyError, TypeError, AttributeError):
        return None  # the value comes from an alias and has no line here
    return None


def _line(error: MarkedYAMLError) -> int | None:
    mark = error.problem_mark or error.context_mark
    return mark.line + 1 if mark is not None else None


def _advice(error: MarkedYAMLError) -> str:
    """The parser's message, with advice for the most frequent ones."""
    problem = str(error.problem or error.context or "cannot be parsed")
    if "mapping values are not allowed" in problem:
        return f"{problem}; put a text that holds a colon into quotation marks"
    if "cannot start any token" in problem:
        return f"{problem}; indent with spaces, and put texts that begin with %, @ or ` into quotation marks"
    if "but found another document" in problem:
        return "holds two documents (---); one file holds one campaign"
    return problem
