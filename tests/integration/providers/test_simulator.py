"""The simulator itself: images that the scorer lets pass, decisions by seed, counts, a process of its own."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

import httpx
import pytest

from routing.scoring.drift import drift_verdict
from routing.scoring.score import overall
from schemas.images import Size
from tests.integration.providers.bench import Bench
from tests.support.factories import NOW, make_draft, make_refine_job, make_refinement
from tests.support.simulator.client import SimulatorClient
from tests.support.simulator.desk import Desk, Order, Rejected
from tests.support.simulator.process import simulator
from tests.support.simulator.weather import MISHAPS, Fixed, Lognormal, Uniform, Weather
from workers.scoring.cards import score_draft, score_refinement

BEARER = {"Authorization": "Bearer worker-1"}


def order(number: int, **changes) -> Order:
    fields = {"api": "fal", "key": "k", "model": "m", "operation": "text-to-image", "prompt": f"image {number}"}
    return Order(**{**fields, "width": 64, "height": 64, **changes})


@pytest.mark.parametrize("api", ["fal"])
@pytest.mark.parametrize("size", [Size(width=256, height=320), Size(width=512, height=268)])
async def test_its_images_pass_the_scorer_s_gates(bench: Bench, size):
    draft = make_draft()
    for made in await asyncio.gather(*(bench.make(bench.request(number, size=size)) for number in range(6))):
        score = overall(score_draft(draft, made.data, now=NOW))
        assert score.gates == (), score.reasons


@pytest.mark.parametrize("api", ["openai"])
async def test_its_image_from_a_reference_has_not_drifted(bench: Bench):
    draft = make_draft()
    candidate = await bench.make(bench.request(1, size=draft.job.request.size))
    reference = bench.store(candidate.data, "image/jpeg")
    job = make_refine_job(draft=draft)
    request = bench.request(2, size=job.request.size, operation="image-to-image", references=(reference,))
    final = await bench.make(request)
    verdict = drift_verdict(score_refinement(make_refinement(job=job), final.data, candidate.data, now=NOW))
    assert verdict.passed, verdict.reasons


async def _fates(seed: int, numbers: list[int], weather: Weather) -> dict[int, tuple[str, float]]:
    desk, fates = Desk(seed), {}
    desk.weather = weather
    for number in numbers:
        try:
            job = desk.admit(order(number))
            fates[number] = (job.call.mishap, job.latency)
        except Rejected as rejected:
            fates[number] = (desk.log.find(rejected.request_id).mishap, 0.0)
    return fates


async def test_the_mishap_of_an_order_depends_on_the_seed_and_not_on_its_turn():
    weather = Weather(latency=Uniform(low=0.05, high=4), rates={"error": 0.2, "hang": 0.1, "garbage": 0.2})
    numbers = list(range(200))
    first = await _fates(1, numbers, weather)
    assert first == await _fates(1, numbers[::-1], weather)
    assert first != await _fates(2, numbers, weather)
    latencies = [latency for _, latency in first.values() if latency]
    assert 0.05 <= min(latencies) < 0.5
    assert 3.5 < max(latencies) <= 4


async def test_mishaps_come_at_their_rates():
    weather = Weather(rates=dict.fromkeys(MISHAPS, 0.05))
    seen = Counter(fate for fate, _ in (await _fates(3, list(range(4000)), weather)).values())
    assert set(seen) == {*MISHAPS, ""}
    assert {name for name in MISHAPS if not 140 <= seen[name] <= 260} == set()


async def test_a_second_try_has_a_fate_of_its_own():
    desk = Desk(1)
    desk.weather = Weather(rates={"garbage": 0.5})
    assert {desk.admit(order(1)).mishap for _ in range(20)} == {"garbage", None}


def test_lognormal_latencies_have_their_median_and_no_endless_tail():
    desk = Desk(1)
    desk.weather = Weather(latency=Lognormal(median=1.0, sigma=1.0, longest=6.0))
    drawn = sorted(desk.admit(order(number)).latency for number in range(1000))
    assert 0.9 < drawn[500] < 1.1
    assert drawn[-1] == 6.0


async def test_its_limits_are_kept_and_hidden():
    desk = Desk(1)
    desk.weather = Weather(latency=Fixed(seconds=60), most_open=3)
    work = [asyncio.create_task(desk.work(desk.admit(order(number)))) for number in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(Rejected) as caught:
        desk.admit(order(3))
    assert caught.value.status == 429
    for task in work:
        task.cancel()
    await asyncio.gather(*work, return_exceptions=True)
    assert desk.admit(order(4)).call.is_open


async def test_a_call_whose_caller_went_away_is_billed_and_told_so():
    async with simulator(seed=5) as control:
        await control.set_weather(Weather(latency=Fixed(seconds=0.3), price_usd=0.25))
        body = {"model": "m", "prompt": "p", "size": "64x64"}
        async with httpx.AsyncClient(base_url=control.address, headers=BEARER, timeout=0.1) as client:
            with pytest.raises(httpx.ReadTimeout):
                await client.post("/v1/images/generations", json=body)
        (call,) = await _until_billed(control)
        assert (call.outcome, call.billed_usd, call.key) == ("abandoned", 0.25, "worker-1")
        assert call.received_at + 0.3 <= call.made_at + 0.01
        assert await control.open_calls() == {}


async def test_its_control_interface_outlives_its_outages_and_checks_what_it_is_told():
    async with simulator() as control:
        before = await control.change_weather(down="drops", storm=True)
        assert before == Weather()
        assert (await control.weather()).down == "drops"
        async with httpx.AsyncClient() as client:
            refused = await client.put(f"{control.address}/_/weather", json={"rates": {"hang": 0.6, "drip": 0.6}})
        assert refused.status_code == 422


async def test_ten_thousand_calls_are_read_quickly():
    async with simulator() as control:
        await control.set_weather(Weather(latency=Fixed(seconds=0), rates={"throttle": 1.0}))
        async with httpx.AsyncClient(base_url=control.address, headers=BEARER) as client:
            body = {"model": "m", "prompt": "p", "size": "64x64"}
            for _ in range(50):
                await client.post("/v1/images/generations", json=body)
        assert len(await control.calls()) == 50
        assert len(await control.calls(since=45)) == 5
        await control.forget()
        assert await control.calls() == []
    desk = Desk(1)
    for number in range(10_000):
        desk.admit(order(number))
    started = time.process_time()
    assert len(desk.log.to_json()) > 1_000_000
    assert desk.log.open_by_key() == {"k": 10_000}
    assert time.process_time() - started < 1.0


async def _until_billed(control: SimulatorClient) -> list:
    deadline = time.monotonic() + 5
    while not any(call.billed_usd for call in await control.calls()):
        assert time.monotonic() < deadline, "nothing was billed"
        await asyncio.sleep(0.02)
    return await control.calls()
