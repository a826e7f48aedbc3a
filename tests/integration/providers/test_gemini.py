"""What is Gemini's own: refusals that are good answers, bills by tokens, waits in the body, thoughts in images."""

from __future__ import annotations

import base64
from typing import Any

import httpx
import pytest

from schemas.errors import BadOutput, RateLimited, Refused
from tests.integration.providers.bench import KEY, PRICE, Bench, drawing

pytestmark = pytest.mark.parametrize("api", ["gemini"])
TOKENS = {"text_in": 0.3, "image_in": 0.3, "text_out": 2.5, "image_out": 30.0}
USAGE = {
    "promptTokenCount": 458,
    "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 200}, {"modality": "IMAGE", "tokenCount": 258}],
    "candidatesTokenCount": 1300,
    "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 1290}],
    "thoughtsTokenCount": 90,
}
BILL = (458 * 0.3 + (10 + 90) * 2.5 + 1290 * 30) / 1e6


def _part(data: bytes, **more: Any) -> dict[str, Any]:
    return {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(data).decode()}, **more}


def _candidate(*parts: dict[str, Any], reason: str = "STOP") -> dict[str, Any]:
    return {"candidates": [{"content": {"parts": list(parts)}, "finishReason": reason}], "usageMetadata": USAGE}


async def test_the_bill_goes_by_tokens(bench: Bench):
    bench.provider = bench.open_another(model={"tokens": TOKENS})
    bench.answer_with(httpx.Response(200, json=_candidate({"text": "Here"}, _part(drawing()))))
    assert (await bench.make()).price_usd == pytest.approx(BILL)


async def test_the_last_image_that_is_no_thought_counts(bench: Bench):
    parts = [_part(b"a thought", thought=True), {"text": "now"}, _part(drawing()), _part(b"after", thought=True)]
    bench.answer_with(httpx.Response(200, json=_candidate(*parts) | {"modelVersion": "g-002", "responseId": "r-1"}))
    ticket = await bench.provider.submit(bench.request())
    assert ticket.finished is not None
    assert (ticket.finished.data, ticket.finished.model_version, ticket.request_id) == (drawing(), "g-002", "r-1")


@pytest.mark.parametrize(
    "answer",
    [
        {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}},
        {"promptFeedback": {"blockReason": "IMAGE_SAFETY"}, "candidates": []},
        *(_candidate(reason=reason) for reason in ("SAFETY", "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "RECITATION")),
    ],
)
async def test_each_shape_of_a_refusal(bench: Bench, answer):
    bench.answer_with(httpx.Response(200, json=answer))
    with pytest.raises(Refused, match=r"gemini refuses the (prompt|image): [A-Z_]+"):
        await bench.make()


async def test_a_refused_image_costs_its_tokens(bench: Bench):
    bench.provider = bench.open_another(model={"tokens": TOKENS})
    bench.answer_with(httpx.Response(200, json=_candidate(reason="IMAGE_SAFETY")))
    with pytest.raises(Refused) as caught:
        await bench.make()
    assert caught.value.spent_usd == pytest.approx(BILL)


@pytest.mark.parametrize("reason", ["NO_IMAGE", "IMAGE_OTHER", "MAX_TOKENS", "STOP", "SOMETHING_NEW"])
async def test_no_image_for_another_reason_may_be_tried_again(bench: Bench, reason):
    bench.answer_with(httpx.Response(200, json=_candidate({"text": "I cannot"}, reason=reason)))
    with pytest.raises(BadOutput, match=reason):
        await bench.make()


async def test_the_wait_is_in_the_body(bench: Bench):
    info = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "22s"}
    error = {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "quota", "details": [{"@type": "x"}, info]}
    bench.answer_with(httpx.Response(429, json={"error": error}))
    with pytest.raises(RateLimited, match="RESOURCE_EXHAUSTED quota") as caught:
        await bench.make()
    assert caught.value.retry_after == 22.0


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {"candidates": "none"},
        {"candidates": [None]},
        {"candidates": [{"content": None, "finishReason": None}]},
        {"candidates": [{"content": {"parts": [None, {"inlineData": "text"}]}}]},
        {"candidates": [{"content": {"parts": [{"inlineData": {"data": 7}}]}}]},
        {"candidates": [{"content": {"parts": [{"inlineData": {"data": "no base64!"}}]}}]},
    ],
)
async def test_an_answer_of_another_shape_is_bad_output(bench: Bench, answer):
    bench.answer_with(httpx.Response(200, json=answer))
    with pytest.raises(BadOutput) as caught:
        await bench.make()
    assert caught.value.spent_usd > 0


@pytest.mark.parametrize("details", [None, [], [{"modality": "TEXT", "tokenCount": 10}]])
async def test_an_image_whose_tokens_are_not_told_apart_costs_no_less(bench: Bench, details):
    bench.provider = bench.open_another(model={"tokens": TOKENS})
    usage = {**USAGE, "candidatesTokensDetails": details}
    bench.answer_with(httpx.Response(200, json=_candidate(_part(drawing())) | {"usageMetadata": usage}))
    assert (await bench.make()).price_usd == pytest.approx((458 * 0.3 + 90 * 2.5 + 1300 * 30) / 1e6)


async def test_without_a_count_of_what_came_the_estimate_is_the_price(bench: Bench):
    bench.provider = bench.open_another(model={"tokens": TOKENS})
    answer = _candidate(_part(drawing())) | {"usageMetadata": {"promptTokenCount": 458}}
    bench.answer_with(httpx.Response(200, json=answer))
    assert (await bench.make()).price_usd == PRICE


async def test_its_message_is_shown_without_key_and_control_characters(bench: Bench):
    answer = _candidate(reason="NO_IMAGE")
    answer["candidates"][0]["finishMessage"] = f"no \x1b[31mimage\nfor {KEY}"
    bench.answer_with(httpx.Response(200, json=answer))
    with pytest.raises(BadOutput, match=r"no .*image for \*\*\*") as caught:
        await bench.make()
    assert KEY not in str(caught.value)
    assert str(caught.value).isprintable()
