"""Calls that succeed: the image, its price, and a true record of both."""

from __future__ import annotations

import asyncio
import hashlib

import numpy as np
import pytest

from tests.integration.providers.bench import HOLE, KEY, PRICE, Bench, decoded, drawing
from tests.integration.providers.cases.registry import case


@case()
async def a_good_image(bench: Bench) -> None:
    ticket = await bench.provider.submit(bench.request(5))
    made = await bench.provider.collect(ticket)
    height, width, _ = decoded(made.data).shape
    assert (made.size.width, made.size.height) == (width, height)
    assert made.price_usd == pytest.approx(PRICE)
    (call,) = bench.calls
    assert (call.outcome, call.billed_usd, call.key) == ("served", PRICE, KEY)


@case()
async def what_was_sent_is_what_the_lineage_says(bench: Bench) -> None:
    request = bench.request(5)
    changes = ("Set the line again. It was garbled", "Light it from the left")
    prompt = request.prompt.model_copy(update={"changes": changes, "negatives": ("people",)})
    made = await bench.make(request.model_copy(update={"prompt": prompt}))
    assert [part for part in (*changes, "lapland") if part not in made.prompt_text] == []
    (call,) = bench.calls
    if bench.operation not in bench.adapter.wordless:
        assert call.prompt_digest == hashlib.sha256(made.prompt_text.encode()).hexdigest()[:16]
    takes, returns = (flag and bench.operation not in bench.adapter.wordless for flag in bench.adapter.seeds)
    if bench.operation != "upscale":
        assert (made.seed_sent, made.seed_returned) == (5 if takes else None, 5 if returns else None)
        assert call.seed == made.seed_sent


@case(lambda _, operation: operation == "masked-edit")
async def a_mask_says_what_is_drawn_again(bench: Bench) -> None:
    before, after = decoded(drawing()), decoded((await bench.make()).data)
    assert bench.calls[0].operation == "masked-edit"
    changed = np.abs(before.astype(int) - after).sum(axis=2) > 24
    assert changed[HOLE].mean() > 0.95
    changed[HOLE] = False
    assert changed.mean() < 0.01


@case(lambda _, operation: operation != "text-to-image")
async def an_image_to_start_from_is_sent(bench: Bench) -> None:
    image = decoded((await bench.make()).data)
    height, width, _ = image.shape
    red, green, _ = image[int(0.6 * height), int(0.65 * width)]
    assert red > 150
    assert green < 100


@case()
async def many_at_once_are_each_billed_once(bench: Bench) -> None:
    made = await asyncio.gather(*(bench.make(bench.request(number)) for number in range(6)))
    assert len({image.data for image in made}) == 6
    assert bench.billed == pytest.approx(6 * PRICE) == pytest.approx(sum(image.price_usd for image in made))
