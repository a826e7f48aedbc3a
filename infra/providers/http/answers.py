"""An HTTP answer, read whole within a limit, and what adapters take from it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any, Final

import httpx
from pydantic import TypeAdapter, ValidationError

from schemas.errors import BadOutput, Unavailable

FIRST_ERROR: Final = 400
"""The lowest status that is an error (RFC 9110, 15)."""
_JSON_OBJECT: Final = TypeAdapter(dict[str, Any])


class TooLong(Exception):
    """A body is longer than the limit."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and body of an answer of `service`."""

    service: str
    status: int
    headers: httpx.Headers
    body: bytes

    def json(self, *, spent_usd: float = 0.0) -> dict[str, Any]:
        """The body as a JSON object. Raises BadOutput with `spent_usd` where it is not one."""
        try:
            return _JSON_OBJECT.validate_json(self.body)
        except ValidationError:
            kind = self.headers.get("content-type", "no content type")
            message = f"{self.service} answered {self.status} with {len(self.body)} bytes of {kind} in place of JSON"
            raise BadOutput(message, spent_usd=spent_usd) from None

    def error_body(self) -> dict[str, Any]:
        """The body of an error as a JSON object; empty where it is not one."""
        try:
            return self.json()
        except BadOutput:
            return {}


async def read_body(response: httpx.Response, limit: int) -> bytes:
    """The body of a streamed response. Raises `TooLong` once it is above `limit` bytes, unpacked."""
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > limit:
            raise TooLong
    return bytes(body)


def text_of(answer: Answer, name: str, spent_usd: float = 0.0) -> str:
    """The text `name` of an answer. Raises BadOutput with `spent_usd` where there is none."""
    value = answer.json(spent_usd=spent_usd).get(name)
    if not isinstance(value, str) or not value:
        raise BadOutput(f"{answer.service} took the request and returned no {name}", spent_usd=spent_usd)
    return value


def unless_gone(answer: Answer, not_found: str, spent_usd: float) -> Answer:
    """`answer`, unless its status is 404: the API no longer has the request. Raises BadOutput with `spent_usd`."""
    if answer.status == 404:  # noqa: PLR2004 - not found (RFC 9110, 15.5.5)
        raise BadOutput(not_found, spent_usd=spent_usd)
    return answer


def poll_body(answer: Answer) -> dict[str, Any]:
    """The JSON object of a poll. Raises Unavailable for a gateway's HTML page: the request itself goes on."""
    try:
        return answer.json()
    except BadOutput as error:
        raise Unavailable(str(error)) from None


def as_object(value: object) -> dict[str, Any]:
    """`value` if it is a JSON object, else an empty one: answers are untrusted."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """`value` if it is a JSON list, else an empty one."""
    return value if isinstance(value, list) else []


def as_text(value: object) -> str | None:
    """`value` if it is a text, such as an address."""
    return value if isinstance(value, str) else None


def as_number(value: object) -> float | None:
    """`value` if it is a finite number, such as a price."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return value if abs(value) <= sys.float_info.max else None


def as_whole(value: object) -> int | None:
    """`value` if it is a whole number, such as a seed."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None
