"""Workflow templates: a ComfyUI graph as data, with named slots for the values of a request."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import Field, JsonValue, TypeAdapter, ValidationError

from schemas.errors import InvalidRequest, InvalidSettings

_PACKAGE: Final = "infra.providers.comfyui_workflows"


@dataclass(frozen=True, slots=True)
class Template:
    """A `graph` in the format of ComfyUI's API, by node.

    `slots` map a name to the place of its value: a node, ``inputs`` and the input's name. `output` is the node whose
    image is the result.
    """

    graph: dict[str, dict[str, Any]]
    slots: dict[str, Annotated[list[str], Field(min_length=2)]]
    output: str
    about: str = ""

    def filled(self, values: Mapping[str, JsonValue], parameters: Mapping[str, JsonValue]) -> dict[str, Any]:
        """The graph with `parameters` and, over them, those of `values` that it has slots for.

        Raises InvalidRequest for a parameter without a slot.
        """
        unknown = sorted(set(parameters) - set(self.slots))
        if unknown:
            raise InvalidRequest(f"the workflow has no slot {unknown[0]!r}; it has {', '.join(self.slots)}")
        graph = copy.deepcopy(self.graph)
        for name, value in {**parameters, **values}.items():
            if name in self.slots and value is not None:
                *way, last = self.slots[name]
                place: Any = graph
                for step in way:
                    place = place[step]
                place[last] = value
        return graph


_TEMPLATE: Final = TypeAdapter(Template)


def load_template(name: str) -> Template:
    """The template of that name: one of this package, or a file where `name` ends in ``.json``.

    Raises InvalidSettings where there is none, it cannot be read, or a slot names no place in the graph.
    """
    try:
        template = _TEMPLATE.validate_json(_text(name))
    except OSError as error:
        raise InvalidSettings(f"comfyui workflow {name!r}: {error.strerror}; there are {', '.join(names())}") from None
    except ValidationError as error:
        detail = error.errors()[0]
        where = ".".join(str(part) for part in detail["loc"])
        raise InvalidSettings(f"comfyui workflow {name!r}: {where}: {detail['msg']}") from None
    for slot, way in template.slots.items():
        if not _leads(template.graph, way):
            raise InvalidSettings(f"comfyui workflow {name!r}: slot {slot!r} leads nowhere: {'.'.join(way)}")
    if template.output not in template.graph:
        raise InvalidSettings(f"comfyui workflow {name!r}: there is no node {template.output!r} for the output")
    return template


def names() -> list[str]:
    """The templates of this package."""
    files = resources.files(_PACKAGE).iterdir()
    return sorted(file.name.removesuffix(".json") for file in files if file.name.endswith(".json"))


def _text(name: str) -> str:
    if name.endswith(".json"):
        return Path(name).read_text("utf-8")
    return resources.files(_PACKAGE).joinpath(f"{name}.json").read_text("utf-8")


def _leads(graph: Mapping[str, Any], way: list[str]) -> bool:
    place: Any = graph
    for step in way:
        if not isinstance(place, dict) or step not in place:
            return False
        place = place[step]
    return True
