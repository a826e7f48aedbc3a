#!/usr/bin/env python3
"""Write docs/settings.md, the reference of all settings, from their models: ``python docs/make_settings.py FILE``.

A setting's meaning is the docstring below its field, a section's text is the docstring of its group. A docstring names
another page as ``docs/models.md#anchor``; here it becomes a link.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from infra.settings import CONFIG_VARIABLE, DEFAULT_CONFIG, DELIMITER, PREFIX, Settings

HEAD: Final = f"""\
# Settings

This page is written by `make docs` from the models in `infra/settings/`.

Settings come from three places: environment variables, over a TOML file, over the defaults. The file is
`{DEFAULT_CONFIG}` in the working directory, or the path in `{CONFIG_VARIABLE}`. In the file
`{PREFIX}KAFKA{DELIMITER}PARTITIONS` is `partitions` under `[kafka]`. An unknown name is an error. Keep keys and
passwords in the environment.
"""
_PAGE: Final = re.compile(r"docs/(\w+\.md)(#[\w-]+)?")


def document() -> str:
    """The page as Markdown: a section for each group, a table row for each setting."""
    return HEAD + "".join(_sections(Settings, []))


def variables(group: type[BaseModel] = Settings, prefix: str = PREFIX) -> Iterator[tuple[str, FieldInfo]]:
    """Every environment variable with its field."""
    for name, field in group.model_fields.items():
        inner = _group(field)
        if inner is None:
            yield prefix + name.upper(), field
        else:
            yield from variables(inner, f"{prefix}{name.upper()}{DELIMITER}")


def _sections(group: type[BaseModel], path: list[str]) -> Iterator[str]:
    prefix = PREFIX + "".join(f"{part.upper()}{DELIMITER}" for part in path)
    yield f"\n## {'.'.join(path) or 'General'}\n\n{_prose(inspect.getdoc(group) or '')}\n"
    own = [(name, field) for name, field in group.model_fields.items() if _group(field) is None]
    if own:
        yield "\n| variable | meaning | default |\n| --- | --- | --- |\n"
    for name, field in own:
        yield f"| `{prefix}{name.upper()}` | {_meaning(group, name, field)} | {_default(field)} |\n"
    for name, field in group.model_fields.items():
        inner = _group(field)
        if inner is not None:
            yield from _sections(inner, [*path, name])


def _group(field: FieldInfo) -> type[BaseModel] | None:
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _meaning(group: type[BaseModel], name: str, field: FieldInfo) -> str:
    text = next((docs[name] for docs in map(_field_docstrings, group.__mro__) if name in docs), None)
    if text is None:
        raise SystemExit(f"{group.__name__}.{name} has no docstring below it")
    bounds = {name: getattr(item, name) for item in field.metadata for name in ("ge", "le") if hasattr(item, name)}
    return _prose(text) + (f" From {bounds['ge']:g} to {bounds['le']:g}." if len(bounds) > 1 else "")


@cache
def _field_docstrings(group: type) -> dict[str, str]:
    """The docstrings below the fields of a class."""
    if not issubclass(group, BaseModel) or group is BaseModel:
        return {}
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(group))).body
    assert isinstance(definition, ast.ClassDef)
    found: dict[str, str] = {}
    for field, below in zip(definition.body, definition.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
            found[field.target.id] = inspect.cleandoc(ast.literal_eval(below.value))
    return found


def _prose(text: str) -> str:
    """A docstring as Markdown, a paragraph on one line."""
    paragraphs = (" ".join(part.split()) for part in text.replace("``", "`").split("\n\n"))
    return _PAGE.sub(lambda page: f"[docs/{page[1]}]({page[1]}{page[2] or ''})", "\n\n".join(paragraphs))


def _default(field: FieldInfo) -> str:
    if getattr(field.default_factory, "__name__", "") == "cores":
        return "number of cores"
    value: Any = field.get_default(call_default_factory=True)
    if value is None or value == ():
        return "none"
    text = (
        ",".join(value) if isinstance(value, tuple) else str(value).lower() if isinstance(value, bool) else str(value)
    )
    return f"`{text}`"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(document(), "utf-8")
