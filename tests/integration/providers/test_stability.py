"""What is Stability's own: forms without files, services that take other fields, results that are polled."""

from __future__ import annotations

import httpx
import pytest

from infra.providers.stability import StabilityProvider
from schemas.errors import BadOutput, Refused
from schemas.generations import Operation
from tests.integration.providers.bench import Bench
from tests.integration.providers.descriptions import record
from tests.support.simulator.weather import Fixed

pytestmark = pytest.mark.parametrize("api", ["stability"])


async def _sent(bench: Bench) -> dict[str, object]:
    exchanges = record(bench)
    await bench.make()
    return exchanges[0].body or {}


@pytest.mark.parametrize(
    ("operation", "fields"),
    [
        ("text-to-image", {"prompt", "output_format", "seed", "aspect_ratio"}),
        ("image-to-image", {"prompt", "output_format", "seed", "image", "strength", "mode", "model"}),
        ("masked-edit", {"prompt", "output_format", "seed", "image", "mask"}),
        ("upscale", {"prompt", "output_format", "seed", "image"}),
        ("relight", {"background_prompt", "output_format", "seed", "subject_image"}),
    ],
)
async def test_each_service_has_its_fields(bench: Bench, operation: Operation, fields):
    assert set(await _sent(bench)) == fields


@pytest.mark.parametrize("operation", ["upscale"])
async def test_the_fast_upscaler_takes_no_words(bench: Bench, operation: Operation):
    bench.provider = bench.open_another(model={"path": "upscale/fast", "seed": "none"})
    assert set(await _sent(bench)) == {"image", "output_format"}


@pytest.mark.parametrize("operation", ["upscale"])
async def test_the_creative_upscaler_is_polled(bench: Bench, operation: Operation):
    bench.provider = bench.open_another(model={"path": "upscale/creative"})
    ticket = await bench.provider.submit(bench.request())
    assert ticket.finished is None
    assert (await bench.open_another(model={"path": "upscale/creative"}).collect(ticket)).seed_returned == 0


@pytest.mark.parametrize("operation", ["relight"])
async def test_it_is_polled_no_more_often_than_it_allows(bench: Bench, operation: Operation, monkeypatch):
    monkeypatch.setattr(StabilityProvider, "poll_seconds", 0.2)
    bench.weather(latency=Fixed(seconds=0.3))
    assert (await bench.make()).size.width == 320
    assert bench.calls[0].polls == 2


@pytest.mark.parametrize("operation", ["relight"])
async def test_yes_and_no_are_written_as_forms_have_them(bench: Bench, operation: Operation):
    bench.provider = bench.open_another(model={"parameters": {"keep_original_background": True}})
    assert (await _sent(bench))["keep_original_background"] == "true"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, json={"image": "AAAA", "finish_reason": "CONTENT_FILTERED", "seed": 1}),
        httpx.Response(403, json={"id": "a", "name": "content_moderation", "errors": ["flagged"]}),
    ],
)
async def test_both_shapes_of_a_refusal(bench: Bench, answer):
    bench.answer_with(answer)
    with pytest.raises(Refused) as caught:
        await bench.make()
    assert caught.value.spent_usd == 0


async def test_an_error_that_it_reports_may_be_retried(bench: Bench):
    bench.answer_with(httpx.Response(200, json={"image": "AAAA", "finish_reason": "ERROR", "seed": 1}))
    with pytest.raises(BadOutput, match="it reported an error"):
        await bench.make()
