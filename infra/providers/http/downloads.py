"""Fetching a finished image: without the key, from known hosts alone, no further than a limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import httpx

from infra.providers.http.access import is_below
from infra.providers.http.answers import FIRST_ERROR, TooLong, read
from infra.providers.http.client import ApiClient
from infra.providers.http.failures import no_answer
from schemas.errors import BadOutput, InvalidRequest, Unavailable

LARGEST_IMAGE: Final = 48 * 2**20
"""Bytes; a 4096 x 4096 PNG of noise has 50 MB, of anything that is an image much less."""
_REDIRECTS: Final = 3
_SERVER_ERRORS: Final = 500


@dataclass(frozen=True, slots=True)
class Download:
    """The bytes, and the content type that the server claims."""

    data: bytes
    content_type: str


async def download(client: ApiClient, address: str, *, spent_usd: float) -> Download:
    """What stands at `address`. `spent_usd` is what was paid for it.

    Raises:
        InvalidRequest: the address, or one that it redirects to, is not among the hosts of the settings.
            No try mends that, and following it could lead into the operator's own network.
        BadOutput: it is gone, or too long.
        Unavailable: it cannot be had now; it may be fetched again, at no cost.
    """
    for _ in range(1 + _REDIRECTS):
        url = _allowed(client, address, spent_usd)
        try:
            async with client.without_authorization().stream("GET", url) as response:
                if response.next_request is not None:
                    address = str(response.next_request.url)
                    continue
                _check_status(client.access.service, response.status_code, spent_usd)
                return Download(await read(response, LARGEST_IMAGE), response.headers.get("content-type", ""))
        except httpx.HTTPError as error:
            raise no_answer(client.access.service, error) from None
        except TooLong:
            message = f"{client.access.service}: the image has more than {LARGEST_IMAGE // 2**20} MB"
            raise BadOutput(message, spent_usd=spent_usd) from None
    raise BadOutput(f"{client.access.service}: the image's address redirects without end", spent_usd=spent_usd)


def _allowed(client: ApiClient, address: str, spent_usd: float) -> httpx.URL:
    access = client.access
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        raise BadOutput(f"{access.service}: the image has no usable address", spent_usd=spent_usd) from None
    schemes = {"https", httpx.URL(access.base_url).scheme}
    is_usual = url.scheme in schemes and url.port is None  # no other service of a host is reached
    if access.is_own(url) or (is_usual and is_below(url.host, access.file_hosts)):
        return url
    place = f"{url.scheme}://{url.host}"[:100]
    message = f"{access.service} points to {place}, which is not among the file_hosts of its settings"
    raise InvalidRequest(message, spent_usd=spent_usd)


def _check_status(service: str, status: int, spent_usd: float) -> None:
    if status >= _SERVER_ERRORS or status in {408, 425, 429}:
        raise Unavailable(f"{service}: the image cannot be fetched now ({status})")
    if status >= FIRST_ERROR:
        raise BadOutput(f"{service}: the image is gone ({status})", spent_usd=spent_usd)
