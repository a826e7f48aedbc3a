"""The base class of all providers on the network: the two phases, limits, retries, download and bill.

An adapter implements `_begin` and, where the API goes on working after its answer, `_look`; `_withdraw` where the API
can cancel. The error of `collect` says whether the ticket is still valid; see `infra.providers.base`.
"""

from __future__ import annotations

import asyncio
import copy
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final, NoReturn, Self, TypeVar

from infra.providers.base import BlobReader, Generation, Provider, Ticket
from infra.providers.http.answers import FIRST_ERROR, Answer
from infra.providers.http.client import ApiClient
from infra.providers.http.images import CheckedImage, check_image, download
from infra.providers.http.limits import RequestObserver
from infra.providers.http.listing import Listing
from infra.providers.http.orders import Order, order_of
from infra.providers.http.pricing import price_of, usual_price
from infra.settings import ListedModel
from schemas.errors import BadOutput, InvalidRequest, ProviderError, RateLimited, Unavailable
from schemas.generations import GenerationRequest, ModelCard

T = TypeVar("T")

FIRST_DELAY_SECONDS = 0.2
LONGEST_DELAY_SECONDS: Final = 2.0
DELAY_GROWTH: Final = 1.5
"""The delays 0.2, 0.3, 0.45 ... 2 s: at most half a wait too long for an image of a second, 30 polls a minute."""
_WAITING_SHARE: Final = 0.9
"""The share of the limit after which a request is withdrawn; the rest is for the answer and the image."""


@dataclass(frozen=True, slots=True)
class ApiResult:
    """What an API returned for a request: the image's bytes, or else its address.

    `price_usd` is the bill, where the API states one; `seed` and `version` are what the API says that it used.
    """

    request_id: str
    data: bytes | None = None
    address: str | None = None
    content_type: str = ""
    seed: int | None = None
    version: str = ""
    price_usd: float | None = None


class HttpProvider(ABC):
    """A provider of the models of `listing`, called through `client`. Images to start from are read with `blobs`."""

    probe_path: ClassVar[str]
    """A path whose answer costs nothing and needs a valid key; ``{model}`` is the model's name at the API."""
    poll_seconds: ClassVar[float] = 0.0
    """The least time between two polls that the API allows."""

    def __init__(self, name: str, client: ApiClient, listing: Listing, blobs: BlobReader) -> None:
        self.name = name
        self.listing = listing
        self._client = client
        self._blobs = blobs

    @property
    def address(self) -> str:
        """Where the API is called."""
        return self._client.access.base_url

    def observed_by(self, observer: RequestObserver) -> Self:
        """A copy on the same connections that reports its HTTP requests to `observer`. Close the original alone."""
        observed = copy.copy(self)
        observed._client = self._client.observed_by(observer)  # noqa: SLF001 - of the same class
        return observed

    def models(self) -> tuple[ModelCard, ...]:
        """The listed models."""
        return self.listing.cards()

    async def submit(self, request: GenerationRequest) -> Ticket:
        """Start `request`; where the API answers with the image itself the ticket is finished."""
        order = await order_of(request, self.listing, self._blobs)
        return await self._within_limit(lambda: self._submit(order), order.price_usd)

    async def collect(self, ticket: Ticket) -> Generation:
        """Wait for the image of `ticket`, within the limit of the settings."""
        if ticket.finished is not None:
            return ticket.finished
        return await self._within_limit(lambda: self._collect(ticket), 0.0)

    async def probe(self, model: str) -> None:
        """Send a request that costs nothing. Raises a `ProviderError` where address or key are wrong."""
        path = self.probe_path.format(model=self.listing.find(model).called)
        answer = await self._client.call("GET", path)
        if answer.status >= FIRST_ERROR:
            raise self._error(answer)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    @abstractmethod
    async def _begin(self, order: Order) -> ApiResult | str:
        """Send `order`.

        Returns:
            The result, where the API answers with the image; else the id of the request, which `_look` polls.

        Raises:
            ProviderError: the API did not accept the order. `spent_usd` is what it may bill all the same.
        """

    async def _look(self, model: ListedModel, request_id: str) -> ApiResult | None:  # noqa: ARG002 - for overrides
        """Poll a request once.

        Returns:
            The result, or None while the request is in progress.

        Raises:
            Unavailable, RateLimited: the API cannot be asked now; the request goes on.
            ProviderError: any other one is the end of the request. `spent_usd` is what it cost.
        """
        raise BadOutput(f"{request_id}: {self.name} keeps no images; submit the request again")

    async def _withdraw(self, model: ListedModel, request_id: str) -> float | None:  # noqa: ARG002 - for overrides
        """Cancel a request. Returns what is billed for it (US dollars), or None where it cannot be cancelled."""
        return None

    def _said(self, answer: Answer) -> str:
        """The message in an error's body."""
        body = answer.error_body()
        return str(body.get("detail") or body.get("message") or body.get("error") or "")

    def _error(self, answer: Answer) -> ProviderError:
        """The error of an answer of 400 or more. An adapter overrides it to recognise refusals."""
        return self._client.failure(answer, self._said(answer))

    def _checked(self, answer: Answer) -> Answer:
        """`answer`, if it is no error."""
        if answer.status >= FIRST_ERROR:
            raise self._error(answer)
        return answer

    async def _submit(self, order: Order) -> Ticket:
        until = self._until()
        begun = await self._begin(order)
        ticket = Ticket(
            order.request.model,
            begun if isinstance(begun, str) else begun.request_id or f"{self.name}-{order.request.job_id}",
            seed_sent=order.seed,
            prompt_text=order.prompt,
            operation=order.request.operation,
            references=order.shown,
        )
        if isinstance(begun, str):
            return ticket
        image = await self._image_at_once(begun, order.price_usd, until)
        return replace(ticket, finished=self._generation(order.model, begun, image, ticket))

    async def _collect(self, ticket: Ticket) -> Generation:
        model = self.listing.find(ticket.model)
        until = self._until()
        result = await self._awaited(model, ticket.request_id, until)
        image = await retried(lambda: self._image(result, usual_price(model)), until)
        return self._generation(model, result, image, ticket)

    def _until(self) -> float:
        """The loop's time until which an image is waited for from now on."""
        return asyncio.get_running_loop().time() + _WAITING_SHARE * self._client.access.limit_seconds

    async def _awaited(self, model: ListedModel, request_id: str, until: float) -> ApiResult:
        """The result of a request, polled until the loop's time `until`; then the request is withdrawn."""
        delay = Delay(until)
        await delay.over(self.poll_seconds)  # what was just submitted is never done at once
        while True:
            result = await retried(lambda: self._look(model, request_id), until)
            if result is not None:
                return result
            if not await delay.over(self.poll_seconds):
                await self._give_up(model, request_id)

    async def _give_up(self, model: ListedModel, request_id: str) -> NoReturn:
        billed = await self._withdraw(model, request_id)
        if billed is None:
            raise Unavailable(f"{self.name} made no image in time; it can be collected again")
        raise BadOutput(f"{self.name} made no image in time; the request was withdrawn", spent_usd=billed)

    async def _image_at_once(self, result: ApiResult, price: float, until: float) -> CheckedImage:
        """The image of an immediate answer. No ticket could fetch it later, so after `until` it is paid and lost."""
        try:
            return await retried(lambda: self._image(result, price), until)
        except (Unavailable, RateLimited) as error:
            raise BadOutput(str(error), spent_usd=price if result.price_usd is None else result.price_usd) from None

    async def _image(self, result: ApiResult, price: float) -> CheckedImage:
        spent = price if result.price_usd is None else result.price_usd
        if result.data is not None:
            return await check_image(result.data, result.content_type, spent_usd=spent)
        if not result.address:
            raise BadOutput(f"{self.name} answered without an image", spent_usd=spent)
        fetched = await download(self._client, result.address, spent_usd=spent)
        return await check_image(fetched.data, fetched.content_type, spent_usd=spent)

    def _generation(self, model: ListedModel, result: ApiResult, image: CheckedImage, ticket: Ticket) -> Generation:
        estimated = price_of(model, image.size, ticket.operation, ticket.references)
        return Generation(
            data=image.data,
            media_type=image.media_type,
            size=image.size,
            model_version=result.version or model.called,
            price_usd=estimated if result.price_usd is None else result.price_usd,
            seed_sent=ticket.seed_sent,
            seed_returned=result.seed,
            prompt_text=ticket.prompt_text,
            parameters=dict(model.parameters),
        )

    async def _within_limit(self, work: Callable[[], Coroutine[None, None, T]], price: float) -> T:
        """`work` within the limit of a whole image, after which `price` may be billed."""
        try:
            async with asyncio.timeout(self._client.access.limit_seconds):
                return await work()
        except TimeoutError:
            message = f"{self.name} made no image in time" + (", and may bill it" if price else "")
            raise Unavailable(message, spent_usd=price) from None


@dataclass(slots=True)
class Delay:
    """Exponentially growing delays in seconds that end at the loop's time `until`."""

    until: float
    _next: float = field(default_factory=lambda: FIRST_DELAY_SECONDS)

    async def over(self, at_least: float = 0.0) -> bool:
        """Wait for the next delay, at least `at_least`. Returns False at once where that would go beyond the end."""
        seconds, self._next = max(self._next, at_least), min(self._next * DELAY_GROWTH, LONGEST_DELAY_SECONDS)
        if asyncio.get_running_loop().time() + seconds > self.until:
            return False
        await asyncio.sleep(seconds)
        return True


async def retried(work: Callable[[], Awaitable[T]], until: float) -> T:
    """The result of `work`, retried on Unavailable and RateLimited until the loop's time `until`; then its error.

    Only for what costs nothing to repeat: polls, and downloads of what is paid.
    """
    delay = Delay(until)
    while True:
        try:
            return await work()
        except Unavailable:
            if not await delay.over():
                raise
        except RateLimited as error:
            if not await delay.over(error.retry_after or 0.0):
                raise


def unusable(operation: str, service: str) -> InvalidRequest:
    """The error of an operation that a listed model names and its API has no call for."""
    return InvalidRequest(f"{service} has no call for {operation}; correct the operations of the model")


def observed(provider: Provider, observer: RequestObserver) -> Provider:
    """`provider`, reporting its HTTP requests to `observer`; a provider on this machine sends none."""
    return provider.observed_by(observer) if isinstance(provider, HttpProvider) else provider
