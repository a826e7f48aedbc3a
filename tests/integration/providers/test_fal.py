"""What only a queue can do: go on after a crash, survive an outage while it waits, withdraw."""

from __future__ import annotations

import asyncio

import pytest

from infra.providers.base import Ticket
from schemas.errors import InvalidRequest, RateLimited, Unavailable
from schemas.images import Size
from tests.integration.providers.bench import PRICE, SIZE, Bench, drawing
from tests.integration.providers.descriptions import record
from tests.support.factories import make_image
from tests.support.simulator.weather import Fixed

pytestmark = pytest.mark.parametrize("api", ["fal"])


async def test_another_process_collects_and_nothing_is_paid_twice(bench: Bench):
    ticket = await bench.provider.submit(bench.request(3))
    await bench.provider.close()
    for _ in range(2):
        kept = Ticket(ticket.model, ticket.request_id, seed_sent=ticket.seed_sent, prompt_text=ticket.prompt_text)
        made = await bench.open_another().collect(kept)
        assert (made.size, made.seed_returned, made.seed_sent) == (SIZE, 3, 3)
        assert "lapland" in made.prompt_text
    assert [call.billed_usd for call in bench.calls] == [PRICE]


async def test_the_same_bytes_are_collected_again(bench: Bench):
    ticket = await bench.provider.submit(bench.request())
    first, second = [await bench.provider.collect(ticket) for _ in range(2)]
    assert first.data == second.data


@pytest.mark.parametrize("changes", [{"down": "refuses"}, {"down": "drops"}, {"storm": True}])
async def test_an_outage_while_it_waits_costs_time_alone(bench: Bench, changes):
    ticket = await bench.provider.submit(bench.request())
    bench.weather(retry_after_seconds=0, **changes)
    collecting = asyncio.create_task(bench.provider.collect(ticket))
    done, _ = await asyncio.wait([collecting], timeout=0.5)
    assert not done
    bench.weather()
    assert (await collecting).size == SIZE
    assert bench.billed == PRICE


@pytest.mark.parametrize(("changes", "error"), [({"down": "refuses"}, Unavailable), ({"storm": True}, RateLimited)])
async def test_after_an_outage_beyond_the_limit_the_ticket_is_good(bench: Bench, changes, error):
    ticket = await bench.provider.submit(bench.request())
    bench.weather(**changes)
    with pytest.raises(error) as caught:
        await bench.open_another(limit_seconds=0.5).collect(ticket)
    assert caught.value.spent_usd == 0
    bench.weather()
    assert (await bench.provider.collect(ticket)).price_usd == PRICE == bench.billed


async def test_an_image_that_drips_is_fetched_again_by_the_next(bench: Bench):
    bench.weather("drip", drip_seconds=600)
    ticket = await bench.provider.submit(bench.request())
    with pytest.raises(Unavailable) as caught:
        await bench.open_another(limit_seconds=0.8).collect(ticket)
    assert caught.value.spent_usd == 0
    assert (await bench.provider.collect(ticket)).size == SIZE
    assert bench.billed == PRICE


@pytest.mark.parametrize("operation", ["upscale"])
@pytest.mark.parametrize(("side", "factor"), [(640, 2.0), (480, 1.5), (2048, 4.0), (160, 1.0)])
async def test_enlarging_goes_by_the_factor(bench: Bench, operation, side, factor):
    exchanges = record(bench)
    reference = make_image(data=drawing(), media_type="image/png", size=SIZE)
    bench.blobs[reference.key] = drawing()
    await bench.provider.submit(bench.request(references=(reference,), size=Size(width=side, height=side * 4 // 5)))
    assert (exchanges[0].body or {})["upscale_factor"] == factor


async def test_an_image_elsewhere_is_not_fetched(bench: Bench):
    bench.weather(files_host="localhost")
    with pytest.raises(InvalidRequest, match=r"http://localhost, which is not among the file_hosts") as caught:
        await bench.make()
    assert caught.value.spent_usd == PRICE
    assert bench.calls[0].downloads == 0


async def test_what_takes_too_long_is_withdrawn_and_not_billed(bench: Bench):
    bench.weather(latency=Fixed(seconds=60))
    ticket = await bench.provider.submit(bench.request())
    with pytest.raises(Exception, match="withdrawn"):
        await bench.open_another(limit_seconds=2.0).collect(ticket)
    assert (bench.calls[0].outcome, bench.billed) == ("cancelled", 0)


async def test_the_price_of_a_collected_image_counts_its_references(bench: Bench):
    """flux-2-pro-edit: $0.03, and $0.015 for each megapixel begun of what it starts from."""
    bench.weather(price_usd=0.0)
    bench.provider = bench.open_another(
        model={"name": "flux-2-pro-edit", "price_usd": 0.045, "operations": ("image-to-image",)}
    )
    large = bench.store(drawing()).model_copy(update={"size": Size(width=1080, height=1350)})
    request = bench.request(model="flux-2-pro-edit", operation="image-to-image", references=(large,))
    assert (await bench.make(request)).price_usd == pytest.approx(0.06)
