"""Finished images: fetched within limits and without the key, then decoded whole before they are stored."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass
from typing import Final

import httpx
from PIL import Image
from pydantic import ValidationError

from infra.providers.http.access import is_below
from infra.providers.http.answers import FIRST_ERROR, TooLong, read_body
from infra.providers.http.client import ApiClient
from infra.providers.http.failures import no_answer
from schemas.errors import BadOutput, InvalidRequest, Unavailable
from schemas.images import MediaType, Size

LARGEST_IMAGE: Final = 48 * 2**20
"""Bytes. A 4096 x 4096 PNG of noise has 50 MB; any real image has much less."""
LARGEST_PIXELS: Final = 36_000_000
"""Above any model's largest image (4096 x 4096 is 17 million), and 140 MB once decoded."""
_REDIRECTS: Final = 3
_SERVER_ERRORS: Final = 500
_MEDIA_TYPES: Final[dict[str, MediaType]] = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_UNSPECIFIC: Final = {"", "application/octet-stream", "binary/octet-stream"}


@dataclass(frozen=True, slots=True)
class Download:
    """The bytes, and the content type that the server claims."""

    data: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class CheckedImage:
    """Bytes that are known to decode, with their type and size."""

    data: bytes
    media_type: MediaType
    size: Size


async def download(client: ApiClient, address: str, *, spent_usd: float) -> Download:
    """Fetch the file at `address`. `spent_usd` is what was paid for it.

    Raises:
        InvalidRequest: the address, or one that it redirects to, is not among the hosts of the settings. A retry
            would not help, and following it could lead into the operator's own network.
        BadOutput: the file is gone, or too long.
        Unavailable: it cannot be fetched now. It may be fetched again, at no cost.
    """
    for _ in range(1 + _REDIRECTS):
        url = _allowed(client, address, spent_usd)
        try:
            async with client.without_authorization().stream("GET", url) as response:
                if response.next_request is not None:
                    address = str(response.next_request.url)
                    continue
                _check_status(client.access.service, response.status_code, spent_usd)
                return Download(await read_body(response, LARGEST_IMAGE), response.headers.get("content-type", ""))
        except httpx.HTTPError as error:
            raise no_answer(client.access.service, error) from None
        except TooLong:
            message = f"{client.access.service}: the image has more than {LARGEST_IMAGE // 2**20} MB"
            raise BadOutput(message, spent_usd=spent_usd) from None
    raise BadOutput(f"{client.access.service}: the image's address redirects without end", spent_usd=spent_usd)


async def check_image(data: bytes, content_type: str = "", *, spent_usd: float) -> CheckedImage:
    """Decode all of `data`. `content_type` is what the server claims, if anything.

    Raises:
        BadOutput: `data` is empty, truncated, of another type or no image, or has too many pixels. With `spent_usd`.
    """
    claimed = content_type.partition(";")[0].strip().lower()
    if not data:
        raise BadOutput("the image is empty", spent_usd=spent_usd)
    if claimed not in _UNSPECIFIC and not claimed.startswith("image/"):
        raise BadOutput(f"the answer is {claimed}, no image", spent_usd=spent_usd)
    try:
        return await asyncio.to_thread(_decode, data)
    except _NotAnImage as error:
        raise BadOutput(str(error), spent_usd=spent_usd) from None


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


class _NotAnImage(Exception):
    """Why these bytes are no image."""


def _decode(data: bytes) -> CheckedImage:
    try:
        return _load(data)
    except Image.DecompressionBombError:
        raise _NotAnImage("the image claims hundreds of millions of pixels, more than any model makes") from None
    except ValidationError:
        raise _NotAnImage("the image's sides are not between 16 and 8192 pixels") from None
    except _NotAnImage:
        raise
    except Exception as error:  # noqa: BLE001 - decoders raise anything on untrusted bytes
        raise _NotAnImage(f"{len(data)} bytes cannot be decoded as JPEG, PNG or WebP: {type(error).__name__}") from None


def _load(data: bytes) -> CheckedImage:
    with Image.open(io.BytesIO(data), formats=list(_MEDIA_TYPES)) as image:
        width, height = image.size
        if width * height > LARGEST_PIXELS:  # known from the header, before any pixel is unpacked
            raise _NotAnImage(f"the image claims {width}x{height} pixels, more than any model makes")
        image.load()
        return CheckedImage(data, _MEDIA_TYPES[image.format or ""], Size(width=width, height=height))
