"""Answers: whole or drip by drip, and errors as JSON."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from aiohttp import web

DROPS: Final = 100
"""Pieces into which a slow answer is cut."""


async def send(
    request: web.Request, body: bytes, content_type: str, *, headers: dict[str, str] | None = None, seconds: float = 0.0
) -> web.StreamResponse:
    """Answer with `body`, spread over `seconds`; returns when the last byte is on its way."""
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
    """An error in the API's own words."""
    return web.json_response(body, status=status, headers=headers)


def retry_after(seconds: float) -> dict[str, str]:
    """The header that says when to come again: whole seconds, as HTTP has it."""
    return {"Retry-After": str(max(0, round(seconds)))}
