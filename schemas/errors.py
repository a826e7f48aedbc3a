"""The error tree.

BrushfireError                   .retryable says whether the same call may succeed later
├── ProviderError                an image model did not deliver
│   ├── RateLimited              retryable, after `retry_after` seconds if the provider says so
│   ├── Refused                  content policy: never retried with the same prompt, no failure of the provider
│   ├── Unavailable              retryable: time-out, 5xx, connection lost
│   ├── ModelPaused              retryable: not called; its circuit breaker is open or its queue is full
│   ├── InvalidRequest           the request is wrong; a retry cannot succeed
│   │   └── NotServed            the account has no such model: a wrong key, no permission, a model that is gone
│   ├── BadOutput                retryable: empty, truncated or no image
│   └── BudgetExceeded           a budget, or an account at a provider, is used up
├── StoreError                   the object store did not answer (retryable) or refused
│   └── StoreFull                retryable: no space left
├── BusUnavailable               retryable: the broker does not answer
├── MessageTooLarge              an event larger than its topic's limit
├── MalformedMessage             bytes that are not a message of their topic
├── InvalidCampaign              a campaign file is invalid; carries file and line
├── InvalidFeed                  a feed or one of its entries cannot be read; carries file and place
└── StackError                   the embedded stack cannot start or run
    └── PortTaken                a port that was asked for is in use
"""

from __future__ import annotations


class BrushfireError(Exception):
    """The root. The message says what happened and what to do."""

    retryable: bool = False


class ProviderError(BrushfireError):
    """An image model did not deliver. `spent_usd` is what the attempt cost nevertheless."""

    def __init__(self, message: str, *, spent_usd: float = 0.0) -> None:
        super().__init__(message)
        self.spent_usd = spent_usd


class RateLimited(ProviderError):
    """Too many requests; `retry_after` in seconds if the provider says so."""

    retryable: bool = True

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Refused(ProviderError):
    """The provider refused because of its content policy."""


class Unavailable(ProviderError):
    """The provider does not answer, or reports an outage."""

    retryable: bool = True


class ModelPaused(ProviderError):
    """The model was not called: its breaker is open or its queue is full. Retry in `retry_after` seconds."""

    retryable: bool = True

    def __init__(self, message: str, *, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class InvalidRequest(ProviderError):
    """The provider cannot do what was requested: an unknown model, size or operation."""


class NotServed(InvalidRequest):
    """The provider does not serve the model to this account: a wrong key, no permission, a model that is gone."""


class BadOutput(ProviderError):
    """An answer without a usable image."""

    retryable: bool = True


class BudgetExceeded(ProviderError):
    """The price exceeds what is left of a budget, or an account at a provider is empty."""


class StoreError(BrushfireError):
    """The object store did not do what was requested."""

    def __init__(self, message: str, *, retryable: bool = True) -> None:
        super().__init__(message)
        self.retryable = retryable


class StoreFull(StoreError):
    """The object store has no space left."""


class BusUnavailable(BrushfireError):
    """The broker does not answer, or does not do what was requested."""

    def __init__(self, message: str, *, retryable: bool = True) -> None:
        super().__init__(message)
        self.retryable = retryable


class MessageTooLarge(BrushfireError):
    """An event is larger than its topic allows."""


class MalformedMessage(BrushfireError):
    """Bytes that are not a message of their topic."""

    def __init__(self, topic: str, reason: str) -> None:
        super().__init__(f"{topic}: {reason}")
        self.topic = topic
        self.reason = reason


class InvalidSettings(BrushfireError):
    """A setting is unknown or impossible. The message names the key and what to write instead."""


class InvalidCampaign(BrushfireError):
    """A campaign file is invalid. Carries file and line."""

    def __init__(self, file: str, line: int | None, reason: str) -> None:
        super().__init__(f"{file}{f':{line}' if line else ''}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


class InvalidFeed(BrushfireError):
    """A feed, or the entry at `place` in it, cannot be read."""

    def __init__(self, file: str, place: str, reason: str) -> None:
        super().__init__(f"{file}{f', {place}' if place else ''}: {reason}")
        self.file = file
        self.place = place
        self.reason = reason


class StackError(BrushfireError):
    """The embedded stack cannot start, or has stopped."""


class PortTaken(StackError):
    """A port that the settings ask for is in use."""

    def __init__(self, port: int, purpose: str) -> None:
        super().__init__(
            f"port {port} ({purpose}) is in use: stop what listens there, "
            "or leave the port out of the settings to have a free one chosen"
        )
        self.port = port
