"""What is Black Forest Labs' own: the polling address, and who sees the key on the way there."""

from __future__ import annotations

from itertools import cycle

import httpx
import pytest

from infra.providers.base import Ticket
from schemas.errors import BadOutput, InvalidRequest, RateLimited, Refused
from tests.integration.providers.bench import KEY, PRICE, Bench, drawing

pytestmark = pytest.mark.parametrize("api", ["bfl"])
REGION = "https://api.eu1.bfl.ai/v1/get_result?id=a1"


def _network(bench: Bench, answer) -> list[httpx.Request]:
    """Let the provider have `answer` of each request; returns those that it makes."""
    asked: list[httpx.Request] = []

    def note(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return answer(request)

    bench.provider._client._turns = cycle([httpx.AsyncClient(transport=httpx.MockTransport(note))])
    return asked


async def test_a_region_is_polled_with_the_key_and_its_image_fetched_without(bench: Bench):
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "delivery-eu1.bfl.ai":
            return httpx.Response(200, content=drawing(), headers={"content-type": "image/png"})
        sample = {"sample": "https://delivery-eu1.bfl.ai/results/a1.png?sig=1", "seed": 7}
        return httpx.Response(200, json={"id": "a1", "status": "Ready", "result": sample})

    asked = _network(bench, answer)
    made = await bench.provider.collect(Ticket("cheap", REGION))
    assert (made.data, made.seed_returned) == (drawing(), 7)
    assert [request.headers.get("x-key") for request in asked] == [KEY, None]


@pytest.mark.parametrize(
    "address",
    [
        "https://api.bfl.ai.evil.net/v1/get_result?id=a1",
        "https://evil.net/v1/get_result",
        "http://api.eu1.bfl.ai/v1/get_result?id=a1",
        "http://169.254.169.254/latest/meta-data",
        "http://localhost:9/v1/get_result",
        "file:///etc/passwd",
    ],
)
async def test_no_other_place_is_polled(bench: Bench, address):
    asked = _network(bench, lambda _: httpx.Response(200, json={"id": "a1", "polling_url": address}))
    ticket = await bench.provider.submit(bench.request())
    assert len(asked) == 1
    with pytest.raises(InvalidRequest, match="where its key must not go"):
        await bench.provider.collect(ticket)
    assert len(asked) == 1


@pytest.mark.parametrize("status", ["Request Moderated", "Content Moderated"])
async def test_both_moderations_are_refusals(bench: Bench, status):
    details = {"Moderation Reasons": ["Safety Filter", KEY]}
    bench.answer_with(httpx.Response(200, json={"id": "a1", "status": status, "details": details}))
    with pytest.raises(Refused, match=f"{status}.*Safety Filter") as caught:
        await bench.provider.collect(Ticket("cheap", REGION))
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(("status", "spent"), [("Error", 0.0), ("Failed", 0.0), ("Task not found", PRICE)])
async def test_other_ends_may_be_tried_again(bench: Bench, status, spent):
    bench.answer_with(httpx.Response(200, json={"id": "a1", "status": status}))
    with pytest.raises(BadOutput, match=status) as caught:
        await bench.provider.collect(Ticket("cheap", REGION))
    assert caught.value.spent_usd == spent


async def test_the_wait_is_in_the_body(bench: Bench):
    body = {"error": "rate_limit_exceeded", "message": "Too many concurrent requests", "retry_after": 5}
    bench.answer_with(httpx.Response(429, json=body))
    with pytest.raises(RateLimited, match="Too many concurrent") as caught:
        await bench.provider.submit(bench.request())
    assert caught.value.retry_after == 5.0


async def test_the_bill_is_what_the_answer_says_it_cost(bench: Bench):
    bench.weather(price_usd=0.045)
    assert (await bench.make()).price_usd == pytest.approx(0.045)


@pytest.mark.parametrize("cost", [None, "4.5", 0, -1])
async def test_without_a_cost_the_estimate_is_the_price(bench: Bench, cost):
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "delivery-eu1.bfl.ai":
            return httpx.Response(200, content=drawing())
        sample = {"sample": "https://delivery-eu1.bfl.ai/results/a1.png"}
        return httpx.Response(200, json={"status": "Ready", "result": sample, "cost": cost})

    _network(bench, answer)
    assert (await bench.provider.collect(Ticket("cheap", REGION))).price_usd == PRICE


@pytest.mark.parametrize("result", [None, {}, {"sample": 7}, {"sample": ""}, "text"])
async def test_ready_without_a_sample_is_bad_output(bench: Bench, result):
    bench.answer_with(httpx.Response(200, json={"id": "a1", "status": "Ready", "result": result}))
    with pytest.raises(BadOutput):
        await bench.provider.collect(Ticket("cheap", REGION))
