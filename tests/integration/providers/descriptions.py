"""Published descriptions of the APIs, and the check of what is sent and answered against them.

``descriptions/*.json`` are excerpts, with source and licence in each. fal, Stability, AUTOMATIC1111 and ComfyUI have
none here: no package carries theirs.
"""

from __future__ import annotations

import json
from email import message_from_bytes
from email.policy import HTTP
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx
import jsonschema_rs

from tests.integration.providers.bench import Bench

FOLDER: Final = Path(__file__).parent / "descriptions"


class Exchange(NamedTuple):
    """A call: what was sent as JSON or as the fields of a form, and what was answered."""

    method: str
    path: str
    body: dict[str, Any] | None
    status: int
    answer: dict[str, Any] | None


class Rule(NamedTuple):
    """The schemas of the calls whose path ends so: of the request, of a good answer, of an error."""

    ending: str
    request: str | None
    answer: str | None
    error: str | None = None


RULES: Final = {
    "openai": (
        Rule("/images/generations", "CreateImageRequest", "ImagesResponse", "ErrorResponse"),
        Rule("/images/edits", "CreateImageEditRequest", "ImagesResponse", "ErrorResponse"),
    ),
    "gemini": (Rule(":generateContent", "GenerateContentRequest", "GenerateContentResponse"),),
    "replicate": (
        Rule("/v1/predictions", "CreateVersion", "Prediction"),
        Rule("/predictions", "CreateOfficial", "Prediction"),
        Rule("", None, "Prediction"),
    ),
    "bfl": (
        Rule("/flux-pro-1.1", "FluxPro11Inputs", "AsyncResponse"),
        Rule("/flux-kontext-pro", "FluxKontextProInputs", "AsyncResponse"),
        Rule("/flux-pro-1.0-fill", "FluxProFillInputs", "AsyncResponse"),
    ),
}
"""The first rule that fits counts."""


@cache
def schema(api: str, name: str) -> tuple[jsonschema_rs.Validator, frozenset[str]]:
    """A schema of an API's description, and the fields that it names."""
    described = json.loads((FOLDER / f"{api}.json").read_text("utf-8"))
    validator = jsonschema_rs.validator_for({"$ref": f"#/$defs/{name}", "$defs": described["$defs"]})
    return validator, frozenset(described["$defs"][name]["properties"])


def check(api: str, exchange: Exchange) -> list[str]:
    """Hold an exchange against the description; returns the schemas that it was held against."""
    rule = next((rule for rule in RULES[api] if exchange.path.endswith(rule.ending) or not rule.ending), None)
    if rule is None:
        return []
    held = []
    if rule.request is not None and exchange.body is not None:
        validator, fields = schema(api, rule.request)
        validator.validate(exchange.body)
        assert set(exchange.body) <= fields, f"{rule.request} has no {set(exchange.body) - fields}"
        held.append(rule.request)
    told = rule.answer if exchange.status < 300 else rule.error
    if told is not None and exchange.answer is not None:
        schema(api, told)[0].validate(exchange.answer)
        held.append(told)
    return held


def record(bench: Bench) -> list[Exchange]:
    """Note every call of the bench's provider from now on."""
    exchanges: list[Exchange] = []

    async def note(response: httpx.Response) -> None:
        request = response.request
        if not request.url.path.startswith("/files"):
            await response.aread()
            body = _sent(request)
            exchanges.append(Exchange(request.method, request.url.path, body, response.status_code, _json(response)))

    bench.hook(bench.provider, "request", httpx.Request.aread)
    bench.hook(bench.provider, "response", note)
    return exchanges


def _json(response: httpx.Response) -> dict[str, Any] | None:
    return response.json() if "json" in response.headers.get("content-type", "") else None


def _sent(request: httpx.Request) -> dict[str, Any] | None:
    if not request.content:
        return None
    kind = request.headers["content-type"]
    return json.loads(request.content) if kind == "application/json" else _form(kind, request.content)


def _form(kind: str, content: bytes) -> dict[str, Any]:
    """A form as an object: ``name[]`` a list, whole numbers as such, files as their bytes in Latin-1."""
    message = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + content, policy=HTTP)
    fields: dict[str, Any] = {}
    for part in message.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        text = part.get_payload(decode=True).decode("latin-1")
        value: Any = int(text) if text.isdigit() else text
        if name.endswith("[]"):
            fields.setdefault(name.removesuffix("[]"), []).append(value)
        else:
            fields[name] = value
    return fields
