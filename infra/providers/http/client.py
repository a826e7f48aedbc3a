"""Calls to one API: its address, its key, its limits. The key goes to that address and nowhere else."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import cycle
from typing import Any, Final

import httpx
from pydantic import SecretStr

from infra import clock
from infra.providers.http.answers import Answer, TooLong, read
from infra.providers.http.failures import failure, no_answer
from infra.providers.http.limits import tell, tell_silence
from schemas.errors import BadOutput, InvalidRequest, ProviderError, Unavailable

LARGEST_ANSWER: Final = 64 * 2**20
"""Bytes of an answer: a PNG of 4096 x 4096 pixels, incompressible, in base64."""
POOLS: Final = 8
"""Connection pools, used in turn. A pool looks through all its connections at each request: with 512 calls of
250 ms at once a call took 8 ms of CPU in one pool, 3.6 ms in eight."""
_FIRST_ERROR: Final = 400
_FIRST_REDIRECT: Final = 300


@dataclass(frozen=True, slots=True)
class Access:
    """How an API is reached. `scheme` is the Authorization header's word before `key`.

    Limits in seconds: of the connection's start, of an answer that takes no work, of a whole picture.
    """

    service: str
    base_url: str
    key: SecretStr | None
    scheme: str
    connect_seconds: float
    answer_seconds: float
    limit_seconds: float
    file_hosts: tuple[str, ...] = ()


class ApiClient:
    """A pool of connections to an API. `transport` replaces the network in tests."""

    def __init__(self, access: Access, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.access = access
        self._pools = _open_pools(access, transport)
        self._turns = cycle(self._pools)
        self._base = access.base_url.rstrip("/")

    async def call(
        self, method: str, path: str, *, seconds: float | None = None, paid_usd: float = 0.0, **content: Any
    ) -> Answer:
        """The answer, be it an error; `content` is httpx's ``json``, ``data`` or ``files``.

        `seconds` limits it (unset: `Access.answer_seconds`). `paid_usd` is what the call costs once it is heard.

        Raises:
            BadOutput: the answer is too long; with `paid_usd`.
            Unavailable: no answer. After a time-out with `paid_usd`: the request may have been heard, and billed.
            InvalidRequest: the address is wrong: no HTTP, or redirected.
        """
        service = self.access.service
        try:
            async with asyncio.timeout(seconds or self.access.answer_seconds):
                response, body = await self._exchange(method, f"{self._base}{path}", content)
        except (TimeoutError, httpx.ReadTimeout, httpx.WriteTimeout):
            tell_silence()
            raise Unavailable(f"{service} did not answer in time", spent_usd=paid_usd) from None
        except httpx.HTTPError as error:
            tell_silence()
            raise no_answer(service, error) from None
        except TooLong:
            message = f"{service} answered with more than {LARGEST_ANSWER // 2**20} MB"
            raise BadOutput(message, spent_usd=paid_usd) from None
        if _FIRST_REDIRECT <= response.status_code < _FIRST_ERROR:
            raise InvalidRequest(f"{service} redirects elsewhere; correct its base_url")
        tell(response.status_code, response.headers)
        return Answer(service, response.status_code, response.headers, body)

    def failure(self, answer: Answer, said: str) -> ProviderError:
        """The error of an answer of 400 or more, where `said` is what its body says."""
        return failure(answer, self.without_key(said), clock.now())

    def without_key(self, text: str) -> str:
        """`text` with the key blotted out, should a provider repeat it."""
        key = self.access.key
        return text.replace(key.get_secret_value(), "***") if key is not None else text

    def without_authorization(self) -> httpx.AsyncClient:
        """A bare client, which sends no key."""
        return next(self._turns)

    async def close(self) -> None:
        """Close the connections."""
        for pool in self._pools:
            await pool.aclose()

    async def _exchange(self, method: str, url: str, content: dict[str, Any]) -> tuple[httpx.Response, bytes]:
        async with next(self._turns).stream(method, url, headers=self._authorization(), **content) as response:
            return response, await read(response, LARGEST_ANSWER)

    def _authorization(self) -> dict[str, str]:
        key = self.access.key
        return {} if key is None else {"Authorization": f"{self.access.scheme} {key.get_secret_value()}"}


def _open_pools(access: Access, transport: httpx.AsyncBaseTransport | None) -> tuple[httpx.AsyncClient, ...]:
    trusted = httpx.create_ssl_context()  # reading the certificates takes some 20 ms, and once is enough
    return tuple(
        httpx.AsyncClient(
            transport=transport,
            verify=trusted,
            timeout=httpx.Timeout(None, connect=access.connect_seconds),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=16),
            follow_redirects=False,
        )
        for _ in range(POOLS)
    )
