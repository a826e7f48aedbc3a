"""Calls that fail: too many requests, no money, against the policy, no server."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from schemas.errors import BudgetExceeded, InvalidRequest, ProviderError, RateLimited, Refused, Unavailable
from schemas.images import Size
from tests.integration.providers.bench import Bench
from tests.integration.providers.cases.registry import case, fails


@case()
async def too_many_requests_say_when_to_retry(bench: Bench) -> None:
    bench.weather("throttle", retry_after_seconds=7)
    error = await fails(bench, RateLimited)
    assert isinstance(error, RateLimited)
    assert (error.retry_after, error.spent_usd, bench.billed) == (7.0, 0.0, 0.0)


@case()
async def too_many_requests_may_say_nothing(bench: Bench) -> None:
    bench.weather("throttle", retry_after_seconds=None)
    error = await fails(bench, RateLimited)
    assert isinstance(error, RateLimited)
    assert error.retry_after == (30.0 if bench.api == "replicate" else None)  # its message says it in words


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
async def work_that_fails_may_be_retried(bench: Bench) -> None:
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
