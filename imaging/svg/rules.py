"""The rules for what an SVG drawing may hold. It is untrusted input, and is checked before it is drawn.

Shapes, gradients, clips, masks, patterns and copies are allowed. Scripts, animation, references to the outside, text
and excessive repetition are not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

_SVG: Final = "http://www.w3.org/2000/svg"
_SEPARATOR: Final = " "
_ALLOWED: Final = frozenset({
    "svg", "g", "defs", "symbol", "use", "switch", "a", "path", "rect", "circle", "ellipse", "line", "polyline",
    "polygon", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern", "marker", "title", "desc",
    "metadata", "style", "view",
})  # fmt: skip
_REASONS: Final = {
    "script": "runs a script; take it out",
    "foreignObject": "holds a web page (foreignObject); take it out",
    "text": "has lettering; turn the text into outlines (paths)",
    "image": "embeds a bitmap; give that image itself, as PNG",
    "filter": "has filter effects; flatten them or give a PNG",
    "animate": "moves; save it without animation",
    "animateTransform": "moves; save it without animation",
    "animateMotion": "moves; save it without animation",
    "set": "moves; save it without animation",
}
_DEEPEST: Final = 32
"""Elements within one another: each may take a layer of its own to draw."""
_MOST: Final = 50_000
"""Elements that are drawn, copies counted: a few lines of copies of copies make billions."""
_LONGEST_CHAIN: Final = 200
_REFERENCE: Final = re.compile(r"url\(\s*['\"]?\s*([^)'\"]*)", re.IGNORECASE)


@dataclass(slots=True)
class _Element:
    """An element: its children, and the names of the elements that it draws besides."""

    inner: list[_Element] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)


class _DrawingReader:
    """Reads a drawing element by element, and raises ValueError at the first that it may not hold."""

    def __init__(self) -> None:
        self.root: _Element | None = None
        self.named: dict[str, _Element] = {}
        self.styled: list[str] = []
        self._open: list[tuple[str, _Element]] = []

    def declare(self, _name: str, _system: str | None, _public: str | None, has_declarations: int) -> None:
        if has_declarations:
            raise ValueError("declares entities in its DOCTYPE; save it without them")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition(_SEPARATOR)
        if self.root is None and (space, tag) != (_SVG, "svg"):
            raise ValueError("is no SVG drawing; export it as SVG or PNG")
        if space == _SVG and tag not in _ALLOWED:
            raise ValueError(_REASONS.get(tag, f"holds <{tag}>, which Brushfire does not draw; take it out"))
        if len(self._open) >= _DEEPEST:
            raise ValueError(f"nests elements more than {_DEEPEST} deep; ungroup them")
        element = _Element(shown=[shown for key, value in attributes.items() for shown in _checked(key, value)])
        self.root = self.root or element
        if self._open:
            self._open[-1][1].inner.append(element)
        if "id" in attributes:
            self.named[attributes["id"]] = element
        self._open.append((tag, element))

    def end(self, _name: str) -> None:
        self._open.pop()

    def text(self, text: str) -> None:
        if self._open and self._open[-1][0] == "style":
            self.styled += _checked("style", text)


def check_drawing(text: str) -> None:
    """Raise ValueError, with a message for the campaign's author, where the SVG in `text` may not be drawn."""
    reader = _DrawingReader()
    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.declare
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(text, True)  # noqa: FBT003 - expat takes it by place: the text is whole
    except expat.ExpatError as error:
        raise ValueError(f"is a damaged drawing ({error}); export it again") from error
    if reader.root is not None and _count(reader) > _MOST:
        raise ValueError(f"draws more than {_MOST:,} elements, copies counted; simplify it")


def _checked(name: str, value: str) -> list[str]:
    """The names of the elements that an attribute or a style sheet refers to, all of them in the drawing itself."""
    space, _, key = name.lower().rpartition(_SEPARATOR)
    if key == "href":
        return [_own(value)]
    if space:
        return []
    if key.startswith("on"):
        raise ValueError(_REASONS["script"])
    if "\\" in value or "@import" in value.lower():
        raise ValueError("has a style sheet that imports others or escapes its letters; save it without")
    return [_own(target) for target in _REFERENCE.findall(value)]


def _own(target: str) -> str:
    target = target.strip()
    if not target.startswith("#"):
        raise ValueError(f"refers to {target[:60]!r} outside itself; embed what it needs as shapes")
    return target[1:]


def _count(reader: _DrawingReader) -> int:
    """How many elements are drawn. A style sheet's references count for every element, because any may use them."""
    assert reader.root is not None
    known: dict[int, int] = {}
    styled = sum(_size(reader, reader.named[name], known, ()) for name in reader.styled if name in reader.named)
    return _size(reader, reader.root, known, ()) + styled * len(known)


def _size(reader: _DrawingReader, element: _Element, known: dict[int, int], within: tuple[int, ...]) -> int:
    mark = id(element)
    if len(within) > _LONGEST_CHAIN:
        raise ValueError(f"refers through more than {_LONGEST_CHAIN} elements; simplify it")
    if mark in within:
        raise ValueError("draws itself within itself; take the circle of references out")
    if mark not in known:
        shown = [reader.named[name] for name in element.shown if name in reader.named]
        known[mark] = 1 + sum(_size(reader, part, known, (*within, mark)) for part in (*element.inner, *shown))
    return known[mark]
