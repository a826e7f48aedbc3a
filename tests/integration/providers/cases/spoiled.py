"""Good answers without a usable image: paid, and reported as paid."""

from __future__ import annotations

import pytest

from infra.providers.http import client, images
from schemas.errors import BadOutput, Unavailable
from tests.integration.providers.bench import PRICE, Bench
from tests.integration.providers.cases.registry import SOON, case, fails, is_bad_output, queued


@case()
async def success_without_an_image(bench: Bench) -> None:
    await is_bad_output(bench, "empty")


@case()
async def success_that_is_no_json(bench: Bench) -> None:
    bench.weather("malformed")
    error = await fails(bench, BadOutput)
    assert error.spent_usd == pytest.approx(PRICE)  # it may be billed: its id is unknown


@case(queued)
async def a_result_that_is_gone(bench: Bench) -> None:
    await is_bad_output(bench, "expired")


@case()
async def a_web_page_is_no_image(bench: Bench) -> None:
    if bench.way != "result":
        await is_bad_output(bench, "wrong_type")
        return
    bench.weather("wrong_type")  # as the answer of a poll it says nothing: the image may still be made
    bench.provider = bench.open_another(limit_seconds=SOON)
    assert (await fails(bench, Unavailable)).spent_usd == 0


@case()
async def half_an_image(bench: Bench) -> None:
    await is_bad_output(bench, "truncated")


@case()
async def noise(bench: Bench) -> None:
    await is_bad_output(bench, "garbage")


@case()
async def a_decompression_bomb(bench: Bench) -> None:
    await is_bad_output(bench, "bomb")


@case()
async def an_answer_without_end(bench: Bench) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "LARGEST_ANSWER", 1_000_000)
        patch.setattr(images, "LARGEST_IMAGE", 1_000_000)
        bench.weather("oversize")
        error = await fails(bench, BadOutput, "more than")
    assert error.spent_usd == pytest.approx(PRICE)
