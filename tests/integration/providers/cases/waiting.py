"""Calls that take time: slow work, endless work, outages meanwhile, tickets that others collect or that are lost."""

from __future__ import annotations

import asyncio

import pytest

from infra.providers.base import Ticket
from infra.providers.http import provider
from infra.providers.http.limits import Limits
from schemas.errors import BadOutput, Unavailable
from tests.integration.providers.bench import PRICE, Bench
from tests.integration.providers.cases.registry import SOON, case, fails, queued
from tests.support.simulator.weather import Fixed


@case()
async def slow_work_is_waited_for(bench: Bench) -> None:
    bench.weather(latency=Fixed(seconds=0.12))
    assert (await bench.make()).price_usd == pytest.approx(PRICE)
    assert bench.calls[0].polls >= (2 if bench.way != "answer" else 0)


@case(queued)
async def a_gateway_s_page_at_a_poll_is_ignored(bench: Bench) -> None:
    bench.weather("page")
    assert (await bench.make()).price_usd == pytest.approx(PRICE)


@case()
async def work_without_end_ends_at_the_limit(bench: Bench) -> None:
    bench.weather("hang")
    withdraws, waits = bench.adapter.withdraws, bench.way != "answer"
    bench.provider = bench.open_another(limit_seconds=3 * SOON)  # on a busy machine the request needs time to arrive
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(provider, "_WAITING_SHARE", 0.2)  # the rest of the limit is for the withdrawal
        error = await fails(bench, BadOutput if withdraws else Unavailable)
    assert error.retryable
    assert bench.billed == 0
    if withdraws or not waits:
        await bench.until_nothing_is_open()
        assert bench.calls[0].outcome == ("cancelled" if withdraws else "abandoned")


@case()
async def a_drip_ends_at_the_limit(bench: Bench) -> None:
    bench.weather("drip", drip_seconds=600)
    impatient = bench.open_another(limit_seconds=2 * SOON)
    bench.provider, patient = impatient, bench.provider
    if bench.way == "answer":
        await fails(bench, Unavailable)
    else:
        ticket = await patient.submit(bench.request())
        with pytest.raises(Unavailable):
            await impatient.collect(ticket)
    await bench.until_billed(PRICE)


@case(queued)
async def an_outage_while_it_waits_costs_only_time(bench: Bench) -> None:
    ticket = await bench.provider.submit(bench.request())
    bench.weather(down="drops")
    collecting = asyncio.create_task(bench.provider.collect(ticket))
    done, _ = await asyncio.wait([collecting], timeout=0.05)
    assert not done
    bench.weather()
    assert (await collecting).price_usd == pytest.approx(PRICE) == bench.billed


@case(queued)
async def another_process_collects_and_nothing_is_paid_twice(bench: Bench) -> None:
    ticket = await bench.provider.submit(bench.request(3))
    await bench.provider.close()
    kept = Ticket(ticket.model, ticket.request_id, seed_sent=ticket.seed_sent, prompt_text=ticket.prompt_text)
    first, second = [await bench.open_another().collect(kept) for _ in range(2)]
    assert first.data == second.data
    assert (first.seed_sent, first.prompt_text) == (ticket.seed_sent, ticket.prompt_text)
    assert [call.billed_usd for call in bench.calls] == [PRICE]


@case()
async def a_lost_ticket_is_spent(bench: Bench) -> None:
    with pytest.raises(BadOutput):
        await bench.provider.collect(Ticket("cheap", bench.adapter.lost(bench.address)))


@case()
async def an_observer_gets_a_report_of_each_request(bench: Bench) -> None:
    class Reports(list[bool]):
        def limits_seen(self, limits: Limits) -> None:
            raise AssertionError(limits)

        def request_ended(self, *, answered: bool) -> None:
            self.append(answered)

    reports = Reports()
    observed = provider.observed(bench.provider, reports)
    await observed.collect(await observed.submit(bench.request()))
    assert reports
    assert all(reports)
    bench.weather(down="drops")
    with pytest.raises(Unavailable):
        await observed.submit(bench.request(1))
    assert not reports[-1]
