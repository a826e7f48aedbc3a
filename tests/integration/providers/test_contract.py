"""What both adapters keep, whatever the provider does."""

from __future__ import annotations

import asyncio
import io
import logging
import traceback

import httpx
import pytest
from PIL import Image

from infra.providers.base import Ticket
from schemas.errors import BadOutput, BudgetExceeded, InvalidRequest, ProviderError, RateLimited, Refused, Unavailable
from schemas.images import Size
from tests.integration.providers.conftest import KEY, PRICE, SIZE, Bench


async def test_a_picture_of_the_asked_size_comes_with_what_is_true_of_it(bench: Bench):
    ticket = await bench.provider.submit(bench.request(5))
    made = await bench.provider.collect(ticket)
    assert Image.open(io.BytesIO(made.data)).size == (made.size.width, made.size.height) == (SIZE.width, SIZE.height)
    assert (made.media_type, made.price_usd) == ("image/jpeg", PRICE)
    assert "lapland" in made.prompt_text
    (call,) = bench.calls
    assert (call.id, call.outcome, call.billed_usd, call.key) == (ticket.request_id, "served", PRICE, KEY)


async def test_the_seed_is_told_only_where_it_was_sent(bench: Bench):
    made = await bench.make(bench.request(5))
    seeds = (made.seed_sent, made.seed_returned, bench.calls[0].seed)
    assert seeds == ((5, 5, 5) if bench.api == "fal" else (None, None, None))


async def test_a_reference_goes_along(bench: Bench, drawing: bytes):
    reference = bench.store(drawing)
    made = await bench.make(bench.request(operation="image-to-image", references=(reference,), strength=0.3))
    with Image.open(io.BytesIO(made.data)) as image:
        red, green, _ = image.convert("RGB").getpixel((160, 128))
    assert red > 150
    assert green < 100
    assert bench.calls[0].operation == "image-to-image"


async def test_many_at_once_are_each_billed_once(bench: Bench):
    made = await asyncio.gather(*(bench.make(bench.request(number)) for number in range(40)))
    assert len({picture.data for picture in made}) == 40
    assert bench.billed == pytest.approx(40 * PRICE) == pytest.approx(sum(picture.price_usd for picture in made))
    assert {call.outcome for call in bench.calls} == {"served"}


@pytest.mark.parametrize("mishap", ["truncated", "garbage", "wrong_type", "bomb"])
async def test_bytes_that_are_no_picture_are_bad_output_and_paid(bench: Bench, mishap):
    bench.weather(mishap)
    with pytest.raises(BadOutput) as caught:
        await bench.make()
    assert caught.value.retryable
    assert caught.value.spent_usd == pytest.approx(PRICE) == pytest.approx(bench.billed)
    assert bench.calls[0].outcome == "spoiled"


async def test_a_refusal_is_no_outage_and_costs_nothing(bench: Bench):
    bench.weather("refusal")
    with pytest.raises(Refused) as caught:
        await bench.make()
    assert not caught.value.retryable
    assert caught.value.spent_usd == bench.billed == 0
    assert bench.calls[0].outcome == "refused"


@pytest.mark.parametrize("changes", [{"rates": {"throttle": 1.0}}, {"storm": True}, {"most_per_second": 1}])
async def test_too_many_requests_say_when_to_come_again(bench: Bench, changes):
    bench.weather(retry_after_seconds=7, **changes)
    results = await asyncio.gather(*(bench.provider.submit(bench.request()) for _ in range(2)), return_exceptions=True)
    error = next(result for result in results if isinstance(result, Exception))
    assert isinstance(error, RateLimited)
    assert (error.retry_after, error.spent_usd) == (7.0, 0.0)
    assert "throttled" in {call.outcome for call in bench.calls}


@pytest.mark.parametrize("changes", [{"rates": {"error": 1.0}}, {"down": "refuses"}, {"down": "drops"}])
async def test_an_outage_is_unavailable(bench: Bench, changes):
    bench.weather(**changes)
    with pytest.raises(Unavailable) as caught:
        await bench.provider.submit(bench.request())
    assert caught.value.retryable
    assert caught.value.spent_usd == bench.billed == 0


async def test_work_that_fails_is_retryable_and_unpaid(bench: Bench):
    bench.weather("failure")
    with pytest.raises(ProviderError) as caught:
        await bench.make()
    assert caught.value.retryable
    assert caught.value.spent_usd == bench.billed == 0


async def test_a_hang_ends_at_the_limit(bench: Bench):
    bench.weather("hang")
    bench.provider = bench.open_another(limit_seconds=0.6)
    with pytest.raises(BadOutput if bench.api == "fal" else Unavailable) as caught:
        await bench.make()
    assert caught.value.retryable
    assert bench.billed == 0
    assert caught.value.spent_usd == (0 if bench.api == "fal" else PRICE)  # nobody knows whether it will be billed
    await bench.until_nothing_is_open()
    assert bench.calls[0].outcome == ("cancelled" if bench.api == "fal" else "abandoned")


async def test_a_slow_drip_ends_at_the_limit(bench: Bench):
    bench.weather("drip", drip_seconds=600)
    bench.provider = bench.open_another(limit_seconds=0.8)
    with pytest.raises(Unavailable):
        await bench.make()
    assert bench.billed == PRICE


async def test_a_drip_within_the_limit_is_a_picture(bench: Bench):
    bench.weather("drip", drip_seconds=0.2)
    assert (await bench.make()).size == SIZE


async def test_nobody_listens(bench: Bench):
    provider = bench.open_another()
    provider._client._base = "http://127.0.0.1:9"
    with pytest.raises(Unavailable, match=r"does not answer"):
        await provider.submit(bench.request())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": "chaep"}, "did you mean 'cheap'"),
        ({"operation": "relight"}, "does not do relight"),
        ({"size": Size(width=4096, height=64)}, "above 2048 px"),
        ({"operation": "image-to-image"}, "in references"),
    ],
)
async def test_an_impossible_request_is_never_sent(bench: Bench, changes, message):
    with pytest.raises(InvalidRequest, match=message):
        await bench.provider.submit(bench.request(**changes))
    assert bench.calls == []


@pytest.mark.parametrize("mishap", [None, "error", "throttle", "refusal", "failure", "garbage"])
async def test_the_key_is_never_shown(bench: Bench, mishap, caplog):
    caplog.set_level(logging.DEBUG)
    bench.weather(mishap)
    shown = [repr(bench.provider), repr(vars(bench.provider)), repr(vars(bench.provider._client))]
    try:
        shown.append(repr(await bench.make()))
    except ProviderError as error:
        shown += ["".join(traceback.format_exception(error)), repr(error)]
    text = "\n".join([*shown, caplog.text])
    assert "cheap" in text or "HTTP" in text
    assert KEY not in text
    assert [call.key for call in bench.calls] == [KEY]


async def test_a_provider_that_repeats_the_key_is_not_quoted(bench: Bench):
    answer = {"error": {"message": f"bad key {KEY}", "code": "invalid_api_key"}, "detail": f"bad key {KEY}"}
    bench.answer_with(httpx.Response(401, json=answer))
    with pytest.raises(InvalidRequest, match=r"bad key \*\*\*") as caught:
        await bench.provider.submit(bench.request())
    assert KEY not in str(caught.value)


async def test_no_money_left_is_not_retried(bench: Bench):
    status, code = (402, "") if bench.api == "fal" else (429, "insufficient_quota")
    answer = {"error": {"message": "quota", "code": code}, "detail": "exhausted balance"}
    bench.answer_with(httpx.Response(status, json=answer))
    with pytest.raises(BudgetExceeded) as caught:
        await bench.provider.submit(bench.request())
    assert not caught.value.retryable


async def test_a_lost_ticket_is_bad_output(bench: Bench):
    with pytest.raises(BadOutput):
        await bench.provider.collect(Ticket("cheap", "00000000-0000-0000-0000-000000000000"))
