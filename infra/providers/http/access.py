"""How an API is reached, and which hosts may get its key."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Final

import httpx
from pydantic import SecretStr

_LEAST_LETTERS: Final = 6
"""The least letters of a password that is removed from texts: a shorter one would spoil ordinary sentences."""


@dataclass(frozen=True, slots=True)
class Access:
    """How an API is reached. The key is sent in `header`, after the word `scheme` where there is one.

    With the scheme ``Basic`` the key is ``user:password``, encoded by RFC 7617. The key is sent to the base URL's own
    host, and to `key_hosts` and hosts below those. Images are fetched without the key, from the base URL's own host and
    from `file_hosts`. The limits in seconds are those of opening a connection, of an answer that needs no work, and of
    a whole image.
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
        return {} if self.key is None else {self.header: f"{self.scheme} {self._encoded_key()}".strip()}

    def without_key(self, text: str) -> str:
        """`text` with the key replaced by ``***``, in case a provider repeats it."""
        if self.key is None:
            return text
        secret = self.key.get_secret_value()
        parts = [self._encoded_key(), secret]
        if self.scheme == "Basic" and len(password := secret.partition(":")[2]) >= _LEAST_LETTERS:
            parts.append(password)
        for part in parts:
            text = text.replace(part, "***")
        return text

    def is_own(self, url: httpx.URL) -> bool:
        """Whether `url` has the scheme, host and port of the base URL."""
        own = httpx.URL(self.base_url)
        return (url.scheme, url.host, url.port) == (own.scheme, own.host, own.port)

    def may_see_key(self, url: httpx.URL) -> bool:
        """Whether the key may be sent to `url`."""
        return self.is_own(url) or (url.scheme == "https" and url.port is None and is_below(url.host, self.key_hosts))

    def _encoded_key(self) -> str:
        secret = self.key.get_secret_value() if self.key is not None else ""
        return base64.b64encode(secret.encode()).decode() if self.scheme == "Basic" else secret


def is_below(host: str, names: tuple[str, ...]) -> bool:
    """Whether `host` is one of `names`, or below one."""
    return any(host == name or host.endswith(f".{name}") for name in names)
