"""What is Replicate's own: files for large images, versions, bills by the second, refusals among failures."""

from __future__ import annotations

import httpx
import numpy as np
import pytest

from schemas.errors import BadOutput, Refused
from schemas.generations import Operation
from tests.integration.providers.bench import PRICE, Bench, decoded, encoded
from tests.integration.providers.descriptions import record

pytestmark = pytest.mark.parametrize("api", ["replicate"])


def _failed(**changes) -> httpx.Response:
    body = {"id": "p-1", "status": "failed", "error": "boom", "metrics": {"predict_time": 2.0}}
    return httpx.Response(200, json=body | changes)


@pytest.mark.parametrize("operation", ["masked-edit"])
async def test_a_large_image_is_uploaded_first(bench: Bench, operation: Operation):
    noise = np.random.default_rng(1).integers(0, 255, (256, 320, 4), np.uint8)
    noise[..., 3] = 255
    data = encoded(noise)
    assert len(data) > 256 * 1024
    exchanges = record(bench)
    made = await bench.make(bench.request(references=(bench.store(data),)))
    sent = next(exchange.body for exchange in exchanges if exchange.path.endswith("/predictions"))
    assert sent is not None
    assert sent["input"]["image"].startswith(f"{bench.address}/v1/files/")
    assert sent["input"]["mask"].startswith("data:image/png;base64,")
    kept = np.abs(decoded(made.data).astype(int) - noise[..., :3]).sum(axis=2) == 0
    assert 0.8 < kept.mean() < 0.95


@pytest.mark.parametrize("operation", ["image-to-image"])
async def test_a_version_is_run_and_told(bench: Bench, operation: Operation):
    exchanges = record(bench)
    made = await bench.make()
    assert exchanges[0].path == "/v1/predictions"
    assert (exchanges[0].body or {})["version"] == made.model_version == "5c" * 32


async def test_an_official_model_has_no_version_to_tell(bench: Bench):
    assert (await bench.make()).model_version == "owner/cheap"


async def test_the_bill_goes_by_the_seconds_that_it_tells(bench: Bench):
    bench.provider = bench.open_another(model={"per": "second", "price_usd": 0.5})
    assert (await bench.make()).price_usd == pytest.approx(0.5 * 0.005)


async def test_a_model_s_own_names_are_used_and_nothing_else(bench: Bench):
    slots = {"prompt": "prompt", "negative_prompt": "avoid", "width": "width", "height": "height"}
    bench.provider = bench.open_another(model={"slots": slots, "parameters": {"steps": 4}, "ratios": ()})
    exchanges = record(bench)
    await bench.make()
    sent = (exchanges[0].body or {})["input"]
    assert {**sent, "prompt": ""} == {"prompt": "", "width": 320, "height": 256, "steps": 4}  # nothing is to be avoided


@pytest.mark.parametrize(
    "said",
    [
        "NSFW content detected. Try running it again, or try a different prompt.",
        "The input or output was flagged as sensitive. Please try again with different inputs. (E005) (abc)",
        "Request blocked by content moderation",
    ],
)
async def test_each_wording_of_a_refusal(bench: Bench, said):
    ticket = await bench.provider.submit(bench.request())
    bench.answer_with(_failed(error=said))
    with pytest.raises(Refused):
        await bench.provider.collect(ticket)


@pytest.mark.parametrize(("status", "spent"), [("failed", 1.0), ("canceled", 1.0), ("aborted", 0.0)])
async def test_what_an_end_without_an_image_costs(bench: Bench, status, spent):
    bench.provider = bench.open_another(model={"per": "second", "price_usd": 0.5})
    ticket = await bench.provider.submit(bench.request())
    bench.answer_with(_failed(status=status))
    with pytest.raises(BadOutput) as caught:
        await bench.provider.collect(ticket)
    assert caught.value.spent_usd == pytest.approx(spent)


async def test_a_cancelled_image_is_billed_by_the_image(bench: Bench):
    ticket = await bench.provider.submit(bench.request())
    bench.answer_with(_failed(status="canceled"))
    with pytest.raises(BadOutput) as caught:
        await bench.provider.collect(ticket)
    assert caught.value.spent_usd == PRICE


@pytest.mark.parametrize("output", [None, [], [None], {}, 7, "", "http://a:b:c/"])
async def test_an_output_without_an_address_is_bad_output(bench: Bench, output):
    ticket = await bench.provider.submit(bench.request())
    bench.answer_with(httpx.Response(200, json={"id": "p-1", "status": "succeeded", "output": output}))
    with pytest.raises(BadOutput):
        await bench.provider.collect(ticket)
