"""Turns pydantic's errors about a campaign into sentences that say what to write instead."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

from pydantic import BaseModel

from schemas.brands import Palette
from schemas.campaigns import Campaign

_EXAMPLES: Final[Mapping[str, str]] = {
    "campaign_id": "campaign_id: my-campaign",
    "brand": "brand: with name, palette and logo below it",
    "name": "name: My Brand",
    "palette": "palette: with primary, secondary and accent below it",
    "primary": 'primary: "#e4572e"',
    "secondary": 'secondary: "#17bebb"',
    "accent": 'accent: "#ffc914"',
    "logo": "logo: my-brand/logo.png",
    "answers": "answers: with topics, markets and languages below it",
    "topics": "topics: [golf, ryder cup]",
    "markets": "markets: [US, GB]",
    "languages": "languages: [en, ja]",
    "copy_lines": "copy_lines: with a language such as en below it",
    "headline": "headline: [Big day for golf]",
    "line": "line: [Be ready for it]",
    "call_to_action": "call_to_action: [See more]",
    "formats": "formats: [{name: square, size: {width: 1080, height: 1080}}]",
    "size": "size: {width: 1080, height: 1080}",
    "width": "width: 1080",
    "height": "height: 1080",
    "budget": "budget: {per_brief_usd: 2.00, per_day_usd: 20.00}",
    "per_brief_usd": "per_brief_usd: 2.00",
    "per_day_usd": "per_day_usd: 20.00",
}
_PATTERNS: Final = (
    ("#[0-9a-f", 'a colour is written "#e4572e", in quotation marks'),
    ("^[A-Z]{2}$", "a market is a two-letter country code in capitals, such as US (the United Kingdom is GB)"),
    ("^[a-z]{2,3}(", "a language is a tag such as en, ja or zh-Hant"),
    ("^[a-z0-9][a-z0-9._-]", "an id has small letters, digits, dots, - and _, and begins with a letter or digit"),
)
_MAPPING: Final = "a mapping: `key: value` lines below it"
_LIST: Final = "a list: [first, second]"
_TYPES: Final = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "string": "a text",
    "tuple": _LIST,
    "list": _LIST,
    "dict": _MAPPING,
    "model": _MAPPING,
}
_COLOURS: Final = frozenset(Palette.model_fields)
_SHOWN: Final = 60
"""Characters of a wrong value that an error repeats."""


def explain(detail: Any) -> str:
    """One of `ValidationError.errors()` as a sentence: where, what is wrong, what to write."""
    location: Sequence[int | str] = detail["loc"]
    where = ".".join(str(part) for part in location)
    kind, given = str(detail["type"]), detail["input"]
    if kind == "extra_forbidden":
        return f"`{where}` is unknown; {_advice(location)}"
    if kind == "missing":
        return f"`{where}` is missing; write {_EXAMPLES.get(str(location[-1]), f'{location[-1]}: …')}"
    if kind == "value_error":
        return f"{f'`{where}`: ' if where else ''}{str(detail['msg']).removeprefix('Value error, ')}"
    return f"`{where}` is {_shown(given)}; {_wanted(kind, detail)}"


def _wanted(kind: str, detail: Any) -> str:
    """What to write instead."""
    context = detail.get("ctx", {})
    location = detail["loc"]
    if detail["input"] is None:
        hint = " (a colour needs quotation marks: YAML takes # for a comment)" if location[-1] in _COLOURS else ""
        return f"write {_EXAMPLES.get(str(location[-1]), f'{location[-1]}: …')}{hint}"
    if kind == "string_pattern_mismatch":
        pattern = str(context.get("pattern", ""))
        return next((advice for part, advice in _PATTERNS if part in pattern.lower() or part in pattern), detail["msg"])
    if kind == "literal_error":
        return f"write one of {context['expected']}{_nearest(detail['input'], str(context['expected']))}"
    for name, wanted in _TYPES.items():
        if kind.startswith(name) and ("type" in kind or "parsing" in kind or "from_float" in kind):
            return f"write {wanted}"
    return _message(detail)


def _message(detail: Any) -> str:
    """Pydantic's own sentence about a limit, such as "it should be greater than or equal to 1"."""
    message = str(detail["msg"]).removeprefix("Value error, ")
    return f"it {message[message.find('should') :]}" if "should" in message else message[:1].lower() + message[1:]


def _nearest(given: object, expected: str) -> str:
    allowed = [name for name in expected.replace("'", "").replace(" or ", ", ").split(", ") if name]
    near = difflib.get_close_matches(str(given), allowed, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else ""


def _shown(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, dict | list | tuple):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _advice(location: Sequence[int | str]) -> str:
    """The known key nearest to the unknown one, or all known keys."""
    model = _field(location[:-1])
    known = list(model.model_fields) if model is not None else []
    near = difflib.get_close_matches(str(location[-1]), known, n=1, cutoff=0.5)
    return f"did you mean `{near[0]}`?" if near else f"known here are {', '.join(known)}"


def _field(location: Sequence[int | str]) -> type[BaseModel] | None:
    """The model whose fields are at `location` in a campaign, or None where there is none."""
    annotation: Any = Campaign
    for part in location:
        model = _model_in(annotation)
        if model is None or part not in model.model_fields:
            continue  # an element of a list or a mapping: the annotation names its container
        annotation = model.model_fields[str(part)].annotation
    return _model_in(annotation)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that `annotation` is, or that it holds as its element, value or alternative."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)
