"""The contract of every image model provider.

Two phases, so that the provider's own request id can be made durable between them:

1. `submit(request)` starts the work and returns a `Ticket`. Money may be spent from here on.
2. `collect(ticket)` waits for the image. It may be called again, by another process, after a crash.

A synchronous API does its work in `submit` and returns a ticket whose `finished` holds the image.
Both raise only the `ProviderError` family of `schemas.errors`. The error of `collect` says what is left of the
ticket: after `Unavailable` and `RateLimited` it is as good as before, and to collect it again costs nothing;
after any other it is spent, and a further try is a new `submit`. `ProviderError.spent_usd` is what was paid for
nothing; what a ticket costs that is still good is in the `Generation` that it gives in the end.
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
"""Reads the object of a content-addressed key; raises `StoreError`."""


@dataclass(frozen=True, slots=True)
class Generation:
    """An image from a model, and what the model told of it.

    `price_usd` is what it cost; `seed_returned` is the provider's word, never the request's echo;
    `prompt_text` is what was really sent; `regions` is where the model says that text and logo stand.
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

    The rest is what the request said; the ledger keeps it for whoever collects. `operation` and `references`, the sizes
    of the images to start from, are for the price, where the provider does not tell it.
    """

    model: str
    request_id: str
    finished: Generation | None = None
    seed_sent: int | None = None
    prompt_text: str = ""
    operation: Operation | None = None
    references: tuple[Size, ...] = ()


class Provider(Protocol):
    """Something that makes images."""

    @property
    def name(self) -> str:
        """The provider's name, as in the lineage."""

    def models(self) -> tuple[ModelCard, ...]:
        """The models that this provider serves."""

    async def submit(self, request: GenerationRequest) -> Ticket:
        """Start `request`. Raises a `ProviderError`."""

    async def collect(self, ticket: Ticket) -> Generation:
        """The image of `ticket`, waited for. Raises a `ProviderError`."""

    async def close(self) -> None:
        """Release connections and threads."""
