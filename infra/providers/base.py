"""The contract of every image model provider.

It has two phases, so that the provider's own request id can be made durable between them:

1. `submit(request)` starts the work and returns a `Ticket`. Money may be spent from here on.
2. `collect(ticket)` waits for the image. Another process may call it again after a crash.

A synchronous API does its work in `submit` and returns a ticket whose `finished` holds the image. Both phases raise
only the `ProviderError` family and `StoreError`. The error says what becomes of the ticket:

- Unavailable, RateLimited: the provider or the image cannot be reached now. Collect the same ticket again, at no cost.
- NotServed, BudgetExceeded: the key or the account does not allow it. The ticket is valid once that is corrected.
- BadOutput: the request failed, or gave no image. Submit again.
- Refused, InvalidRequest: another request would fare no better.

`ProviderError.spent_usd` is what was paid for nothing. What a valid ticket costs is in its `Generation` in the end.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from pydantic import JsonValue

from schemas.generations import GenerationRequest, ModelCard
from schemas.images import MediaType, Region, Size
from schemas.operations import Operation

BlobReader = Callable[[str], Awaitable[bytes]]
"""Reads an image, mask or font that a request names.

Args:
    key: its content-addressed key in the object store.

Returns:
    All its bytes.

Raises:
    StoreError: there is no such object, or (`retryable`) the store is unavailable.
"""


@dataclass(frozen=True, slots=True)
class Generation:
    """An image from a model, and what the model reported of it.

    `data` is a whole JPEG, PNG or WebP file of `size` pixels. `price_usd` is what it cost. `seed_sent` is the request's
    seed, `seed_returned` the one that the provider reports, never an echo of the request. `prompt_text` is what was
    really sent. `regions` is where the model says that text and logo are; `parameters` is what a refinement of the
    image may need of the model.
    """

    data: bytes
    media_type: MediaType
    size: Size
    model_version: str
    price_usd: float
    seed_sent: int | None = None
    seed_returned: int | None = None
    prompt_text: str = ""
    parameters: Mapping[str, JsonValue] = field(default_factory=dict)
    regions: tuple[Region, ...] = ()


@dataclass(frozen=True, slots=True)
class Ticket:
    """A submitted request. `request_id` is the provider's own; `finished` is set where the answer was immediate.

    The ledger stores the other fields for the process that collects. `operation` and `references` (the sizes of the
    images to start from) give the price where the provider does not report it.
    """

    model: str
    request_id: str
    finished: Generation | None = None
    seed_sent: int | None = None
    prompt_text: str = ""
    operation: Operation | None = None
    references: tuple[Size, ...] = ()


class Provider(Protocol):
    """A provider of image models. One object serves all models and is called by many tasks at once."""

    @property
    def name(self) -> str:
        """The provider's name, as in the lineage."""

    def models(self) -> tuple[ModelCard, ...]:
        """The cards of the models that this provider serves. They do not change while it is open."""

    async def submit(self, request: GenerationRequest) -> Ticket:
        """Start `request`. Money may be spent from here on.

        Args:
            request: what to make; `request.model` is one of `models()`.

        Returns:
            A ticket with the provider's own request id. It is `finished` where the image is there already.

        Raises:
            InvalidRequest: the model cannot do it; nothing was sent or spent.
            ProviderError: see the module. `spent_usd` (US dollars) is what the provider may bill all the same.
            StoreError: an image that the request names cannot be read.
        """

    async def collect(self, ticket: Ticket) -> Generation:
        """Wait for the image of `ticket`.

        Args:
            ticket: from `submit` of this or of another process.

        Returns:
            The image, checked to be one, and its price.

        Raises:
            ProviderError: see the module.
        """

    async def close(self) -> None:
        """Release connections and threads, after the images that are in flight."""
