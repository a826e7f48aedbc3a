"""The JSON Schema of every message and an AsyncAPI 3.0 document of all topics.

Integrators read them to produce signals or to consume assets; ``make docs`` writes them to ``docs/schemas``.
"""

from __future__ import annotations

from typing import Any, Final

from schemas.topics import CATALOGUE

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
ASYNCAPI: Final = "3.0.0"


def json_schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schema of each message, by the name of its model."""
    models = {topic.model.__name__: topic.model for topic in CATALOGUE}
    return {
        name: {"$schema": DIALECT, **model.model_json_schema(mode="serialization")}
        for name, model in sorted(models.items())
    }


def asyncapi(version: str) -> dict[str, Any]:
    """The AsyncAPI document of the catalogue; messages refer to the JSON Schema files beside it."""
    return {
        "asyncapi": ASYNCAPI,
        "info": {"title": "Brushfire", "version": version, "license": {"name": "Apache-2.0"}},
        "defaultContentType": "application/json",
        "channels": {
            topic.name: {
                "address": topic.name,
                "description": f"{topic.summary}. Keyed by: {topic.key}.",
                "messages": {topic.model.__name__: {"payload": {"$ref": f"./{topic.model.__name__}.json"}}},
                "bindings": {
                    "kafka": {
                        "topicConfiguration": {
                            "cleanup.policy": ["compact" if topic.compacted else "delete"],
                            "retention.ms": topic.retention_ms,
                        }
                    }
                },
            }
            for topic in CATALOGUE
        },
    }


def documents(version: str) -> dict[str, dict[str, Any]]:
    """Every document by its file name; `version` is Brushfire's own."""
    return {f"{name}.json": schema for name, schema in json_schemas().items()} | {"asyncapi.json": asyncapi(version)}
