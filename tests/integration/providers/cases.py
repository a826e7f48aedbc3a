"""What every adapter must keep, case by case: what befalls the call, and what must come of it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import httpx
import numpy as np
import pytest

from infra.providers.base import Ticket
from infra.providers.http import client, downloads, provider
from schemas.errors import BadOutput, BudgetExceeded, InvalidRequest, ProviderError, RateLimited, Refused, Unavailable
from schemas.generations import Operation
from schemas.images import Size
from tests.integration.providers.adapters import Adapter
from tests.integration.providers.bench import HOLE, KEY, PRICE, Bench, decoded, drawing
from tests.support.simulator.weather import Fixed

Check = Callable[[Bench], Awaitable[None]]
Applies = Callable[[Adapter, Operation], bool]
SOON: Final = 0.3
"""Seconds within which a picture must come in the cases where none does."""


@dataclass(frozen=True)
class Case:
    """A case; `applies` says which adapters and operations can meet it."""

    name: str
    check: Check
    applies: Applies


CASES: Final[dict[str, Case]] = {}


def case(applies: Applies = lambda *_: True) -> Callable[[Check], Check]:
    """Enter a case under its function's name."""

    def enter(check: Check) -> Check:
        CASES[check.__name__] = Case(check.__name__, check, applies)
        return check

    return enter


def queued(adapter: Adapter, operation: Operation) -> bool:
    return adapter.way_of(operation) != "answer"


def as_file(adapter: Adapter, operation: Operation) -> bool:
    return adapter.way_of(operation) == "file"


def fetched(adapter: Adapter, operation: Operation) -> bool:
    return adapter.way_of(operation) in {"file", "view"}


async def fails(bench: Bench, error: type[ProviderError], match: str | None = None) -> ProviderError:
    """The error of a picture that is wanted."""
    with pytest.raises(error, match=match) as caught:
        await bench.make()
    return caught.value


async def is_bad_output(bench: Bench, mishap: Any) -> None:
    bench.weather(mishap)
    error = await fails(bench, BadOutput)
    assert error.retryable
    assert error.spent_usd == pytest.approx(PRICE) == pytest.approx(bench.billed)


@case()
async def a_good_picture(bench: Bench) -> None:
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
    changes = ("Set the line anew. It was garbled", "Light it from the left")
    prompt = request.prompt.model_copy(update={"changes": changes, "negatives": ("people",)})
    made = await bench.make(request.model_copy(update={"prompt": prompt}))
    assert [part for part in (*changes, "lapland") if part not in made.prompt_text] == []
    (call,) = bench.calls
    if bench.operation not in bench.adapter.wordless:
        assert call.prompt_digest == hashlib.sha256(made.prompt_text.encode()).hexdigest()[:16]
    takes, tells = (flag and bench.operation not in bench.adapter.wordless for flag in bench.adapter.seeds)
    if bench.operation != "upscale":
        assert (made.seed_sent, made.seed_returned) == (5 if takes else None, 5 if tells else None)
        assert call.seed == made.seed_sent


@case(lambda _, operation: operation == "masked-edit")
async def a_mask_says_what_is_drawn_anew(bench: Bench) -> None:
    before, after = decoded(drawing()), decoded((await bench.make()).data)
    assert bench.calls[0].operation == "masked-edit"
    changed = np.abs(before.astype(int) - after).sum(axis=2) > 24
    assert changed[HOLE].mean() > 0.95
    changed[HOLE] = False
    assert changed.mean() < 0.01


@case(lambda _, operation: operation != "text-to-image")
async def a_picture_to_start_from_goes_along(bench: Bench) -> None:
    picture = decoded((await bench.make()).data)
    height, width, _ = picture.shape
    red, green, _ = picture[int(0.6 * height), int(0.65 * width)]
    assert red > 150
    assert green < 100


@case()
async def slowness_is_waited_for(bench: Bench) -> None:
    bench.weather(latency=Fixed(seconds=0.12))
    assert (await bench.make()).price_usd == pytest.approx(PRICE)
    assert bench.calls[0].polls >= (2 if bench.way != "answer" else 0)


@case()
async def too_many_requests_say_when_to_come_again(bench: Bench) -> None:
    bench.weather("throttle", retry_after_seconds=7)
    error = await fails(bench, RateLimited)
    assert isinstance(error, RateLimited)
    assert (error.retry_after, error.spent_usd, bench.billed) == (7.0, 0.0, 0.0)


@case()
async def too_many_requests_may_say_nothing(bench: Bench) -> None:
    bench.weather("throttle", retry_after_seconds=None)
    error = await fails(bench, RateLimited)
    assert isinstance(error, RateLimited)
    assert error.retry_after == (30.0 if bench.api == "replicate" else None)  # which says it in words


@case()
async def a_server_error_is_unavailable(bench: Bench) -> None:
    bench.weather("error")
    error = await fails(bench, Unavailable)
    assert error.spent_usd == bench.billed == 0


@case()
async def a_lost_connection_is_unavailable(bench: Bench) -> None:
    bench.weather(down="drops")
    error = await fails(bench, Unavailable)
    assert error.spent_usd == bench.billed == 0


@case()
async def work_that_fails_may_be_tried_again(bench: Bench) -> None:
    bench.weather("failure")
    error = await fails(bench, ProviderError)
    assert error.retryable
    assert error.spent_usd == bench.billed == 0


@case(lambda adapter, _: adapter.has_policy)
async def a_refusal_is_no_outage(bench: Bench) -> None:
    bench.weather("refusal")
    error = await fails(bench, Refused)
    assert not error.retryable
    assert error.spent_usd == bench.billed == 0
    assert bench.calls[0].outcome == "refused"


@case()
async def success_without_a_picture(bench: Bench) -> None:
    await is_bad_output(bench, "empty")


@case()
async def success_that_is_no_json(bench: Bench) -> None:
    bench.weather("malformed")
    error = await fails(bench, BadOutput)
    assert error.spent_usd == pytest.approx(PRICE)  # it may be billed: nobody knows its id


@case(queued)
async def a_gateway_s_page_at_a_poll_is_passed_over(bench: Bench) -> None:
    bench.weather("page")
    if bench.way == "result":  # its page is no 4xx, but no result either
        with pytest.raises(BadOutput):
            await bench.make()
        return
    assert (await bench.make()).price_usd == pytest.approx(PRICE)


@case(queued)
async def a_result_that_is_gone(bench: Bench) -> None:
    await is_bad_output(bench, "expired")


@case()
async def a_web_page_is_no_picture(bench: Bench) -> None:
    await is_bad_output(bench, "wrong_type")


@case()
async def half_a_picture(bench: Bench) -> None:
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
        patch.setattr(downloads, "LARGEST_PICTURE", 1_000_000)
        bench.weather("oversize")
        error = await fails(bench, BadOutput, "more than")
    assert error.spent_usd == pytest.approx(PRICE)


@case()
async def a_call_that_is_sent_elsewhere_is_not_followed(bench: Bench) -> None:
    bench.weather("redirect")
    error = await fails(bench, InvalidRequest, "redirects elsewhere")
    assert (bench.desk.lured, error.spent_usd) == ([], 0.0)


@case(fetched)
async def a_picture_that_is_elsewhere_is_not_fetched(bench: Bench) -> None:
    bench.weather("lure")
    await fails(bench, InvalidRequest, r"file_hosts|redirects elsewhere")
    assert bench.desk.lured == []


@case(as_file)
async def a_picture_at_a_strange_host_is_not_fetched(bench: Bench) -> None:
    bench.weather(files_host="localhost")
    error = await fails(bench, InvalidRequest, "file_hosts")
    assert error.spent_usd == PRICE
    assert bench.calls[0].downloads == 0


@case()
async def work_without_end_ends_at_the_limit(bench: Bench) -> None:
    bench.weather("hang")
    withdraws, waits = bench.adapter.withdraws, bench.way != "answer"
    bench.provider = bench.open_another(limit_seconds=3 * SOON if waits else SOON)
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
    bench.provider = bench.open_another(limit_seconds=SOON)
    await fails(bench, Unavailable)
    assert bench.billed == PRICE


@case()
async def the_key_is_never_shown(bench: Bench) -> None:
    handler, shown = _Kept(), []
    logging.getLogger().addHandler(handler)
    level = logging.getLogger().level
    logging.getLogger().setLevel(logging.DEBUG)
    try:
        for mishap in (None, "error", "garbage"):
            bench.weather(mishap)
            shown += [repr(bench.provider), repr(vars(bench.provider)), repr(vars(bench.provider._client))]
            try:
                shown.append(repr(await bench.make()))
            except ProviderError as error:
                shown += ["".join(traceback.format_exception(error)), repr(error)]
    finally:
        logging.getLogger().removeHandler(handler)
        logging.getLogger().setLevel(level)
    text = "\n".join([*shown, *handler.lines])
    assert "HTTP" in text
    assert not [form for form in (KEY, base64.b64encode(KEY.encode()).decode()) if form in text]
    assert {call.key for call in bench.calls} == {KEY}


@case()
async def a_provider_that_repeats_the_key_is_not_quoted(bench: Bench) -> None:
    said = f"bad key {KEY}"
    body = {"error": {"message": said, "code": "invalid_api_key"}, "detail": said, "errors": [said], "name": "no"}
    if bench.api == "automatic1111":
        body["error"] = said
    bench.answer_with(httpx.Response(401, json=body))
    error = await fails(bench, InvalidRequest, r"bad key \*\*\*")
    assert KEY not in str(error)


@case()
async def no_money_left_is_not_retried(bench: Bench) -> None:
    by_code = bench.api in {"openai", "compatible"}
    body = {"error": {"message": "quota", "code": "insufficient_quota"}, "detail": "exhausted balance"}
    bench.answer_with(httpx.Response(429 if by_code else 402, json=body))
    error = await fails(bench, BudgetExceeded)
    assert not error.retryable


@case()
async def an_impossible_request_is_not_sent(bench: Bench) -> None:
    operations = bench.adapter.models[bench.operation].get("operations", (bench.operation,))
    never = next((name for name in ("relight", "upscale", "masked-edit") if name not in operations), None)
    wrong: list[dict[str, Any]] = [{"model": "chaep"}, {"size": Size(width=4096, height=64)}]
    wrong += [{"operation": never}] if never is not None else []
    wrong += [{"references": ()}] if bench.operation != "text-to-image" else []
    for changes in wrong:
        with pytest.raises(InvalidRequest):
            await bench.provider.submit(bench.request(**changes))
    assert bench.calls == []


@case()
async def a_lost_ticket_is_spent(bench: Bench) -> None:
    with pytest.raises(BadOutput):
        await bench.provider.collect(Ticket("cheap", bench.adapter.lost(bench.address)))


@case(queued)
async def another_process_collects_and_nothing_is_paid_twice(bench: Bench) -> None:
    ticket = await bench.provider.submit(bench.request(3))
    await bench.provider.close()
    kept = Ticket(ticket.model, ticket.request_id, seed_sent=ticket.seed_sent, prompt_text=ticket.prompt_text)
    first, second = [await bench.open_another().collect(kept) for _ in range(2)]
    assert first.data == second.data
    assert (first.seed_sent, first.prompt_text) == (ticket.seed_sent, ticket.prompt_text)
    assert [call.billed_usd for call in bench.calls] == [PRICE]


@case(queued)
async def an_outage_while_it_waits_costs_time_alone(bench: Bench) -> None:
    ticket = await bench.provider.submit(bench.request())
    bench.weather(down="drops")
    collecting = asyncio.create_task(bench.provider.collect(ticket))
    done, _ = await asyncio.wait([collecting], timeout=0.05)
    assert not done
    bench.weather()
    assert (await collecting).price_usd == pytest.approx(PRICE) == bench.billed


@case()
async def many_at_once_are_each_billed_once(bench: Bench) -> None:
    made = await asyncio.gather(*(bench.make(bench.request(number)) for number in range(6)))
    assert len({picture.data for picture in made}) == 6
    assert bench.billed == pytest.approx(6 * PRICE) == pytest.approx(sum(picture.price_usd for picture in made))


class _Kept(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
