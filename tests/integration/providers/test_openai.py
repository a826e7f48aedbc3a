"""What is the images API's own: edits with a mask, images by address, sizes and parameters of the model."""

from __future__ import annotations

import base64
from itertools import cycle

import httpx
import pytest

from infra.providers.base import Ticket
from schemas.errors import BadOutput, InvalidRequest
from schemas.images import Size
from tests.integration.providers.bench import KEY, PRICE, Bench, drawing

pytestmark = pytest.mark.parametrize("api", ["openai"])


async def test_a_masked_edit_without_a_mask_is_not_sent(bench: Bench, drawing: bytes):
    with pytest.raises(InvalidRequest, match="needs a mask"):
        await bench.make(bench.request(operation="masked-edit", references=(bench.store(drawing),)))
    assert bench.calls == []


async def test_an_image_by_address_is_fetched(bench: Bench):
    bench.provider = bench.open_another(model={"parameters": {"response_format": "url"}})
    ticket = await bench.provider.submit(bench.request())
    assert ticket.finished is not None
    (call,) = bench.calls
    assert (call.id, call.outcome, call.downloads) == (ticket.request_id, "served", 1)


async def test_an_image_by_address_is_paid_once_however_often_it_is_fetched(bench: Bench):
    asked = _by_address(bench, [503, 429, 200])
    made = await bench.make()
    assert (made.data, asked) == (drawing(), ["POST", "GET", "GET", "GET"])


async def test_an_image_by_address_that_cannot_be_fetched_was_paid(bench: Bench):
    bench.provider = bench.open_another(limit_seconds=0.3)
    _by_address(bench, [503])
    with pytest.raises(BadOutput) as caught:
        await bench.provider.submit(bench.request())
    assert caught.value.spent_usd == PRICE


def _by_address(bench: Bench, statuses: list[int]) -> list[str]:
    """Serve the image at an address that answers with `statuses`, then always with the last one."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        if request.method == "POST":
            return httpx.Response(200, json={"data": [{"url": f"{bench.address}/files/a.png"}]})
        return httpx.Response(statuses.pop(0) if len(statuses) > 1 else statuses[0], content=drawing())

    bench.provider._client._turns = cycle([httpx.AsyncClient(transport=httpx.MockTransport(answer))])
    return asked


async def test_an_edit_whose_tokens_are_not_counted_costs_an_edit_s_price(bench: Bench, drawing: bytes):
    """gpt-image-2-low: $0.006 from words, $0.015 from an image."""
    bench.provider = bench.open_another(
        model={"name": "gpt-image-2-low", "price_usd": 0.006, "parameters": {"quality": "low"}, "tokens": None,
               "operations": ("text-to-image", "image-to-image")}
    )  # fmt: skip
    good = {"data": [{"b64_json": base64.b64encode(drawing).decode()}]}
    bench.answer_with(httpx.Response(200, json=good))
    edit = {"operation": "image-to-image", "references": (bench.store(drawing),)}
    made = await bench.make(bench.request(model="gpt-image-2-low", **edit))
    drawn = await bench.make(bench.request(model="gpt-image-2-low"))
    assert made.price_usd > 2 * drawn.price_usd


async def test_the_model_s_own_sizes_and_parameters_are_asked_for(bench: Bench):
    provider = bench.open_another(model={"sizes": ("64x96", "96x64"), "path": "x", "parameters": {"quality": "low"}})
    bodies: list[bytes] = []

    async def note(request: httpx.Request) -> None:
        bodies.append(request.content)

    bench.hook(provider, "request", note)
    made = (await provider.submit(bench.request(size=Size(width=300, height=400)))).finished
    assert made.size == Size(width=64, height=96)
    assert [part for part in (b'"model":"x"', b'"quality":"low"', b'"size":"64x96"') if part not in bodies[0]] == []
    assert made.parameters == {"quality": "low"}


async def test_a_server_without_a_request_id_gets_one_of_the_job(bench: Bench):
    async def forget(response: httpx.Response) -> None:
        del response.headers["x-request-id"]

    bench.hook(bench.provider, "response", forget)
    request = bench.request()
    assert (await bench.provider.submit(request)).request_id == f"openai-{request.job_id}"


@pytest.mark.parametrize(
    "answer",
    [
        {"data": []},
        {"data": [{}]},
        {"data": [{"b64_json": "no base64!"}]},
        {"data": [{"b64_json": ""}]},
        {"data": [{"url": "http://a:b:c/"}]},
        {"data": "text"},
        {},
        [1],
    ],
)
async def test_an_answer_without_an_image_is_bad_output(bench: Bench, answer):
    bench.answer_with(httpx.Response(200, json=answer))
    with pytest.raises(BadOutput) as caught:
        await bench.provider.submit(bench.request())
    assert caught.value.spent_usd > 0


async def test_an_unfinished_ticket_is_spent(bench: Bench):
    with pytest.raises(BadOutput, match="submit the request again"):
        await bench.provider.collect(Ticket("cheap", "some-id"))
    assert KEY not in repr(bench.provider._client.access)


async def test_the_bill_goes_by_tokens(bench: Bench):
    bench.provider = bench.open_another(model={"tokens": {"text_in": 5.0, "image_in": 8.0, "image_out": 30.0}})
    assert (await bench.make()).price_usd == pytest.approx((100 * 5 + 272 * 30) / 1e6)


@pytest.mark.parametrize("usage", [None, {}, {"output_tokens": 0}, "text", {"output_tokens": "many"}])
async def test_without_a_count_the_estimate_is_the_price(bench: Bench, usage):
    good = {"data": [{"b64_json": base64.b64encode(drawing()).decode()}], "usage": usage}
    bench.provider = bench.open_another(model={"tokens": {"image_out": 30.0}})
    bench.answer_with(httpx.Response(200, json=good))
    assert (await bench.make()).price_usd == PRICE


async def test_a_server_that_takes_seeds_gets_them(bench: Bench):
    bench.provider = bench.open_another(model={"seed": "best_effort"})
    await bench.make(bench.request(5))
    assert bench.calls[0].seed == 5
