"""How an API is reached, and which places may see its key."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Final

import httpx
from pydantic import SecretStr

_TELLING: Final = 6
"""Letters of a password below which to blot it out wherever they stand would spoil every sentence."""


@dataclass(frozen=True, slots=True)
class Access:
    """How an API is reached. The key goes into `header`, after the word `scheme` where there is one.

    With the scheme ``Basic`` the key is ``user:password`` and is encoded as RFC 7617 has it. The key is sent to the
    base URL's own host, and to `key_hosts` and hosts below those; images are fetched, without it, from the former
    and from `file_hosts`. Limits in seconds: of the connection's start, of an answer that takes no work, of a whole
    image.
    """

    service: str
    base_url: str
    key: SecretStr | None
    scheme: str
    connect_seconds: float
    answer_seconds: float
    limit_seconds: float
    file_hosts: tuple[str, ...] = ()
    key_hosts: tuple[str, ...] = ()
    header: str = "Authorization"

    def authorization(self) -> dict[str, str]:
        """The header that carries the key; none without a key."""
        return {} if self.key is None else {self.header: f"{self.scheme} {self._worn()}".strip()}

    def without_key(self, text: str) -> str:
        """`text` with the key blotted out, should a provider repeat it."""
        if self.key is None:
            return text
        secret = self.key.get_secret_value()
        parts = [self._worn(), secret]
        if self.scheme == "Basic" and len(password := secret.partition(":")[2]) >= _TELLING:
            parts.append(password)
        for part in parts:
            text = text.replace(part, "***")
        return text

    def is_own(self, url: httpx.URL) -> bool:
        """Is `url` at the base URL's own scheme, host and port?"""
        own = httpx.URL(self.base_url)
        return (url.scheme, url.host, url.port) == (own.scheme, own.host, own.port)

    def may_see_key(self, url: httpx.URL) -> bool:
        """May the key go to `url`?"""
        return self.is_own(url) or (url.scheme == "https" and url.port is None and is_below(url.host, self.key_hosts))

    def _worn(self) -> str:
        secret = self.key.get_secret_value() if self.key is not None else ""
        return base64.b64encode(secret.encode()).decode() if self.scheme == "Basic" else secret


def is_below(host: str, names: tuple[str, ...]) -> bool:
    """Is `host` one of `names`, or below one?"""
    return any(host == name or host.endswith(f".{name}") for name in names)
