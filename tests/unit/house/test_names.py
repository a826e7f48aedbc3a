"""A class or alias name is defined in one module, so that a name means one thing in the whole project."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ROOMS = ("schemas", "routing", "imaging", "infra", "workers")

ALLOWED: dict[str, tuple[set[str], str]] = {}
"""Names that are defined in several modules and do not confuse: the modules, and why."""


def _names(tree: ast.Module) -> Iterator[str]:
    """Classes and aliases of types: capitalised names that are no constants."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield node.name
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name) and target.id.lstrip("_")[:1].isupper() and not target.id.isupper():
                yield target.id


def _definitions() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            for name in _names(ast.parse(path.read_text("utf-8"))):
                found[name].add(module)
    return found


def test_a_name_is_defined_in_one_module() -> None:
    several = {name: modules for name, modules in _definitions().items() if len(modules) > 1}

    unknown = {name: sorted(modules) for name, modules in several.items() if name not in ALLOWED}
    assert unknown == {}, "rename one of each, or add it to ALLOWED with the reason"


def test_allowed_names_are_still_needed() -> None:
    definitions = _definitions()

    assert {name: definitions[name] for name in ALLOWED} == {name: modules for name, (modules, _) in ALLOWED.items()}


def test_classes_and_aliases_are_seen_and_constants_are_not() -> None:
    tree = ast.parse("class A: ...\nLIMIT = 1\nMILD: Final = 2\nPixels = bytes\n_Private: TypeAlias = int\nx = 3\n")

    assert list(_names(tree)) == ["A", "Pixels", "_Private"]
