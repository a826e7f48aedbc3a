"""Calls to one API: its address, its key, its limits. The key goes to that address and nowhere else."""

from __future__ import annotations

import asyncio
import copy
import ssl
import time
from collections.abc import Mapping
from functools import cache
from itertools import cycle
from typing import Any, Final, Self

import httpx

from infra import clock
from infra.providers.http.access import Access
from infra.providers.http.answers import FIRST_ERROR, Answer, TooLong, read_body
from infra.providers.http.failures import MESSAGE_LIMIT, failure, no_answer
from infra.providers.http.limits import RequestObserver, limits_of
from schemas.errors import BadOutput, InvalidRequest, ProviderError, Unavailable
from schemas.signals import clean_text

LARGEST_ANSWER: Final = 64 * 2**20
"""Bytes of an answer: a PNG of 4096 x 4096 pixels, incompressible, in base64."""
POOLS: Final = 8
"""Connection pools, used in turn. A pool scans all its connections at each request: with 512 calls of 250 ms at once
a call took 8 ms of CPU in one pool, 3.6 ms in eight."""
HEARD_SECONDS: Final = 2.0
"""A connection that is lost later than this was in use: the server worked on it. One that is down drops it at once."""
_FIRST_REDIRECT: Final = 300
_SERVER_ERRORS: Final = 500
_GATEWAY_TIMED_OUT: Final = {504, 524}
"""RFC 9110, 15.6.5, and Cloudflare's own: the server behind the gateway goes on with the work."""


class ApiClient:
    """A pool of connections to an API. `transport` replaces the network in tests."""

    def __init__(self, access: Access, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.access = access
        self._pools = _open_pools(access, transport)
        self._turns = cycle(self._pools)
        self._base = access.base_url.rstrip("/")
        self.observer: RequestObserver | None = None

    def observed_by(self, observer: RequestObserver) -> Self:
        """A client on the same connections that reports its requests to `observer`."""
        observed = copy.copy(self)
        observed.observer = observer
        return observed

    async def call(
        self,
        method: str,
        path: str,
        *,
        seconds: float | None = None,
        paid_usd: float = 0.0,
        made_usd: float = 0.0,
        headers: Mapping[str, str] | None = None,
        **content: Any,
    ) -> Answer:
        """Send one request and read the whole answer.

        Args:
            method: the HTTP method.
            path: a path below the base URL, or a complete address that the API named.
            seconds: the limit of the call (None: `Access.answer_seconds`).
            paid_usd: what the request costs once the API has received it.
            made_usd: what an image inside the answer has cost already.
            headers: further headers; the key is added.
            content: httpx's ``json``, ``data``, ``files`` or ``params``.

        Returns:
            The answer, also one with an error status.

        Raises:
            BadOutput: the answer is too long. Its `spent_usd` is the sum of both prices.
            Unavailable: no answer. Its `spent_usd` is `paid_usd` where the API may have received the request and billed
                it: after a time-out, ours or a gateway's, or where the connection was lost after `HEARD_SECONDS`.
            InvalidRequest: the address is wrong: not HTTP, redirected, or a place where the key must not go.
        """
        service = self.access.service
        url, began = self._address(path), time.monotonic()
        try:
            async with asyncio.timeout(seconds or self.access.answer_seconds):
                response, body = await self._exchange(method, url, dict(headers or {}), content)
        except (TimeoutError, httpx.ReadTimeout, httpx.WriteTimeout):
            self._report(None)
            raise Unavailable(f"{service} did not answer in time", spent_usd=paid_usd) from None
        except httpx.HTTPError as error:
            self._report(None)
            lost = no_answer(service, error)
            lost.spent_usd = paid_usd if _was_heard(error, time.monotonic() - began) else 0.0
            raise lost from None
        except TooLong:
            message = f"{service} answered with more than {LARGEST_ANSWER // 2**20} MB"
            raise BadOutput(message, spent_usd=paid_usd + made_usd) from None
        if _FIRST_REDIRECT <= response.status_code < FIRST_ERROR:
            raise InvalidRequest(f"{service} redirects elsewhere; correct its base_url")
        self._report(response)
        if response.status_code in _GATEWAY_TIMED_OUT and paid_usd:
            raise Unavailable(f"{service}'s gateway gave up waiting ({response.status_code})", spent_usd=paid_usd)
        return Answer(service, response.status_code, response.headers, body)

    def failure(self, answer: Answer, said: str, *, wait: float | None = None) -> ProviderError:
        """The error of an answer of 400 or more. `said` and `wait` (seconds) come from its body."""
        return failure(answer, self.access.without_key(said), clock.now(), wait=wait)

    def words(self, said: object, limit: int = MESSAGE_LIMIT) -> str:
        """A provider's own text on one line, without the key and control characters, at most `limit` characters."""
        return clean_text(self.access.without_key(str(said)), limit)

    def without_authorization(self) -> httpx.AsyncClient:
        """A bare client, which sends no key."""
        return next(self._turns)

    async def close(self) -> None:
        """Close the connections."""
        for pool in self._pools:
            await pool.aclose()

    def _report(self, response: httpx.Response | None) -> None:
        """Report the end of a request to the observer. None: there was no answer."""
        if self.observer is None:
            return
        self.observer.request_ended(answered=response is not None and response.status_code < _SERVER_ERRORS)
        if response is not None and (limits := limits_of(response.headers)) is not None:
            self.observer.limits_seen(limits)

    def _address(self, path: str) -> str:
        """Where to call. An address that an API named is followed only to the hosts that may see its key."""
        if path.startswith("/"):
            return f"{self._base}{path}"
        try:
            url = httpx.URL(path)
        except httpx.InvalidURL:
            raise BadOutput(f"{self.access.service} named no usable address") from None
        if not self.access.may_see_key(url):
            place = f"{url.scheme}://{url.host}"[:100]
            raise InvalidRequest(f"{self.access.service} points to {place}, where its key must not go")
        return path

    async def _exchange(
        self, method: str, url: str, headers: dict[str, str], content: dict[str, Any]
    ) -> tuple[httpx.Response, bytes]:
        headers |= self.access.authorization()
        async with next(self._turns).stream(method, url, headers=headers, **content) as response:
            return response, await read_body(response, LARGEST_ANSWER)


def _was_heard(error: httpx.HTTPError, seconds: float) -> bool:
    """Whether the API may have received the request that ended in `error` after `seconds`."""
    return seconds >= HEARD_SECONDS and isinstance(error, httpx.ReadError | httpx.RemoteProtocolError)


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates, read once: that takes about 20 ms."""
    return httpx.create_ssl_context()


def _open_pools(access: Access, transport: httpx.AsyncBaseTransport | None) -> tuple[httpx.AsyncClient, ...]:
    return tuple(
        httpx.AsyncClient(
            transport=transport,
            verify=_trusted(),
            timeout=httpx.Timeout(None, connect=access.connect_seconds),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=16),
            follow_redirects=False,
        )
        for _ in range(POOLS)
    )
