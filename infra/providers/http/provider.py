"""What all providers on the network have in common: the two phases, the limits, the download, the bill.

A dialect says how to begin (`_begin`) and, where work goes on after the answer, how to look at it (`_look`) and how
to withdraw it (`_withdraw`). `collect` says by its error whether the ticket lives on:

- Unavailable, RateLimited: the API or the image cannot be reached now. Collect the same ticket again, at no cost.
- BadOutput: the request came to nothing, or to no image. The ticket is spent; submit anew.
- Refused, InvalidRequest: the ticket is spent, and another would fare no better.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final, NoReturn, TypeVar

from infra.providers.base import BlobReader, Generation, Ticket
from infra.providers.http.answers import FIRST_ERROR, Answer
from infra.providers.http.client import ApiClient
from infra.providers.http.downloads import download
from infra.providers.http.images import CheckedImage, check_image
from infra.providers.http.listing import Listing
from infra.providers.http.orders import Order, take
from infra.providers.http.patience import Delay, patiently
from infra.providers.http.pricing import price_of, usual_price
from infra.settings import ListedModel
from schemas.errors import BadOutput, InvalidRequest, ProviderError, RateLimited, Unavailable
from schemas.generations import GenerationRequest, ModelCard

T = TypeVar("T")

_WAITING_SHARE: Final = 0.9
"""The share of the limit after which a request is withdrawn; the rest is for the answer and the image."""


@dataclass(frozen=True, slots=True)
class Made:
    """What an API gave: the image's bytes, or else its address. `price_usd` is the bill, where the API tells it."""

    request_id: str
    data: bytes | None = None
    address: str | None = None
    content_type: str = ""
    seed: int | None = None
    version: str = ""
    price_usd: float | None = None


class HttpProvider(ABC):
    """The models of `listing` by way of `client`. Images to start from are read with `blobs`."""

    probe_path: ClassVar[str]
    """A path that costs nothing to ask, and that only a good key opens; ``{model}`` is the model's own name."""
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

    def models(self) -> tuple[ModelCard, ...]:
        """The listed models."""
        return self.listing.cards()

    async def submit(self, request: GenerationRequest) -> Ticket:
        """Start `request`; where the API answers with the image itself the ticket is finished."""
        order = await take(request, self.listing, self._blobs)
        return await self._within_limit(lambda: self._submit(order), order.price_usd)

    async def collect(self, ticket: Ticket) -> Generation:
        """The image of `ticket`, waited for within the limit of the settings."""
        if ticket.finished is not None:
            return ticket.finished
        return await self._within_limit(lambda: self._collect(ticket), 0.0)

    async def probe(self, model: str) -> None:
        """Ask for something that costs nothing. Raises a `ProviderError` where address or key are wrong."""
        path = self.probe_path.format(model=self.listing.find(model).called)
        answer = await self._client.call("GET", path)
        if answer.status >= FIRST_ERROR:
            raise self._error(answer)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    @abstractmethod
    async def _begin(self, order: Order) -> Made | str:
        """Send `order`: the image, or the id of a request that is to be looked at."""

    async def _look(self, model: ListedModel, request_id: str) -> Made | None:  # noqa: ARG002 - for those that can
        """What became of a request, None while it goes on. Raises the ticket's end as an error."""
        raise BadOutput(f"{request_id}: {self.name} keeps no images; submit the request again")

    async def _withdraw(self, model: ListedModel, request_id: str) -> float | None:  # noqa: ARG002
        """Withdraw a request: what is billed for it all the same, or None where it cannot be withdrawn."""
        return None

    def _said(self, answer: Answer) -> str:
        """What an error's body says."""
        body = answer.error_body()
        return str(body.get("detail") or body.get("message") or body.get("error") or "")

    def _error(self, answer: Answer) -> ProviderError:
        """The error of an answer of 400 or more."""
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
        made = await self._awaited(model, ticket.request_id, until)
        image = await patiently(lambda: self._image(made, usual_price(model)), until)
        return self._generation(model, made, image, ticket)

    def _until(self) -> float:
        """The loop's time until which an image is waited for from now on."""
        return asyncio.get_running_loop().time() + _WAITING_SHARE * self._client.access.limit_seconds

    async def _awaited(self, model: ListedModel, request_id: str, until: float) -> Made:
        """What a request came to, asked for until the loop's time `until`; then it is withdrawn."""
        delay = Delay(until)
        await delay.over(self.poll_seconds)  # what was just submitted is never done at once
        while True:
            made = await patiently(lambda: self._look(model, request_id), until)
            if made is not None:
                return made
            if not await delay.over(self.poll_seconds):
                await self._give_up(model, request_id)

    async def _give_up(self, model: ListedModel, request_id: str) -> NoReturn:
        billed = await self._withdraw(model, request_id)
        if billed is None:
            raise Unavailable(f"{self.name} made no image in time; it can be collected again")
        raise BadOutput(f"{self.name} made no image in time; the request was withdrawn", spent_usd=billed)

    async def _image_at_once(self, made: Made, price: float, until: float) -> CheckedImage:
        """The image of an answer that no ticket stands for: what cannot be fetched until then is paid, and lost."""
        try:
            return await patiently(lambda: self._image(made, price), until)
        except (Unavailable, RateLimited) as error:
            raise BadOutput(str(error), spent_usd=price if made.price_usd is None else made.price_usd) from None

    async def _image(self, made: Made, price: float) -> CheckedImage:
        spent = price if made.price_usd is None else made.price_usd
        if made.data is not None:
            return await check_image(made.data, made.content_type, spent_usd=spent)
        if not made.address:
            raise BadOutput(f"{self.name} answered without an image", spent_usd=spent)
        fetched = await download(self._client, made.address, spent_usd=spent)
        return await check_image(fetched.data, fetched.content_type, spent_usd=spent)

    def _generation(self, model: ListedModel, made: Made, image: CheckedImage, ticket: Ticket) -> Generation:
        reckoned = price_of(model, image.size, ticket.operation, ticket.references)
        return Generation(
            data=image.data,
            media_type=image.media_type,
            size=image.size,
            model_version=made.version or model.called,
            price_usd=reckoned if made.price_usd is None else made.price_usd,
            seed_sent=ticket.seed_sent,
            seed_returned=made.seed,
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


def text_of(answer: Answer, name: str, spent_usd: float = 0.0) -> str:
    """The text `name` of an answer. Raises BadOutput with `spent_usd` where there is none."""
    value = answer.json(spent_usd=spent_usd).get(name)
    if not isinstance(value, str) or not value:
        raise BadOutput(f"{answer.service} took the request and told no {name}", spent_usd=spent_usd)
    return value


def known(answer: Answer, not_found: str, spent_usd: float) -> Answer:
    """`answer`, unless it says 404: the API has forgotten the request. Raises BadOutput with `spent_usd`."""
    if answer.status == 404:  # noqa: PLR2004 - not found (RFC 9110, 15.5.5)
        raise BadOutput(not_found, spent_usd=spent_usd)
    return answer


def unless_page(answer: Answer) -> dict[str, Any]:
    """The JSON of a poll. A gateway's page says nothing of the request, which goes on: Unavailable."""
    try:
        return answer.json()
    except BadOutput as error:
        raise Unavailable(str(error)) from None


def unusable(operation: str, service: str) -> InvalidRequest:
    """The error of an operation that a listed model names and its API has no call for."""
    return InvalidRequest(f"{service} has no call for {operation}; correct the operations of the model")
