"""Answers: whole or slowly in pieces, errors as JSON, and rejections."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from aiohttp import web

from tests.support.simulator.desk import Desk, Rejected

DROPS: Final = 100
"""Pieces into which a slow answer is cut."""
ELSEWHERE: Final = "/_/elsewhere"
"""The target of redirects: another host name of the simulator, in place of a private network."""


async def send(
    request: web.Request, body: bytes, content_type: str, *, headers: dict[str, str] | None = None, seconds: float = 0.0
) -> web.StreamResponse:
    """Answer with `body`, spread over `seconds`; returns when the last byte is sent."""
    response = web.StreamResponse(headers=headers)
    response.content_type = content_type
    response.content_length = len(body)
    await response.prepare(request)
    step = max(1, -(-len(body) // DROPS)) if seconds else max(1, len(body))
    for start in range(0, len(body), step):
        await response.write(body[start : start + step])
        if seconds:
            await asyncio.sleep(seconds / DROPS)
    await response.write_eof()
    return response


def error(status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> web.Response:
    """An error in the API's own format."""
    return web.json_response(body, status=status, headers=headers)


def rejection(
    request: web.Request, desk: Desk, rejected: Rejected, body: dict[str, Any], headers: dict[str, str] | None = None
) -> web.Response:
    """The answer to a rejected order: an error in the API's own format, or a redirect."""
    if rejected.status == 302:
        return web.Response(status=302, headers={"Location": elsewhere(request)})
    headers_429 = retry_after(desk.weather.retry_after_seconds) if rejected.status == 429 else {}
    return error(rejected.status, body, headers_429 | (headers or {}))


def retry_after(seconds: float | None) -> dict[str, str]:
    """The Retry-After header, in whole seconds as in HTTP; no header where `seconds` is None."""
    return {} if seconds is None else {"Retry-After": str(max(0, round(seconds)))}


def elsewhere(request: web.Request) -> str:
    """An address on a host that no settings name."""
    return f"{request.url.origin().with_host('localhost')}{ELSEWHERE}"


def unauthorized(body: dict[str, Any], status: int = 401) -> web.HTTPException:
    """The error of a call without a key."""
    kind = {401: web.HTTPUnauthorized, 403: web.HTTPForbidden}[status]
    return kind(text=web.json_response(body).text, content_type="application/json")
