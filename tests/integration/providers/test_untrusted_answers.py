"""Untrusted answers: any JSON leads to an image or to an error of the error tree, without the key."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import cycle

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.providers.base import Provider, Ticket
from infra.providers.catalogue import network_providers
from infra.providers.http import provider as http_provider
from schemas.errors import ProviderError
from tests.integration.providers.adapters import ADAPTERS, Adapter
from tests.integration.providers.bench import KEY, settings_for
from tests.support.factories import make_request

WORDS = (
    "id", "request_id", "polling_url", "prompt_id", "status", "error", "detail", "errors", "name", "message", "images",
    "image", "data", "b64_json", "url", "candidates", "content", "parts", "inlineData", "finishReason",
    "promptFeedback", "blockReason", "usageMetadata", "usage", "output", "urls", "get", "result", "sample", "outputs",
    "node_errors", "messages", "finish_reason", "info", "metrics", "details", "seed", "retry_after", "cost",
    "queue_running",
)  # fmt: skip
"""Every name that an adapter looks for."""
VALUES = ("COMPLETED", "succeeded", "failed", "Ready", "Error", "SUCCESS", "SAFETY", "output", "lost", KEY, "")
leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(VALUES)
)
answers = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from((*WORDS, "lost")), inner, max_size=5),
    max_leaves=25,
)
LIMITS = {"limit_seconds": 0.02, "answer_seconds": 0.02}


def _provider(adapter: Adapter, answer: httpx.Response) -> Provider:
    async def read(key: str) -> bytes:
        raise AssertionError(key)

    settings = settings_for(adapter, "text-to-image", "http://127.0.0.1:9", {"tokens": {"image_out": 1.0}}, LIMITS)
    provider = next(iter(network_providers(settings, read)))
    provider._client._turns = cycle([httpx.AsyncClient(transport=httpx.MockTransport(lambda _: answer))])
    return provider


@pytest.mark.parametrize("adapter", ADAPTERS.values(), ids=list(ADAPTERS))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=answers, status=st.sampled_from([200, 200, 200, 201, 202, 400, 403, 404, 422, 429, 500]))
def test_only_the_error_tree_comes_out(adapter: Adapter, monkeypatch, body, status):
    monkeypatch.setattr(http_provider, "FIRST_DELAY_SECONDS", 0.005)
    provider = _provider(adapter, httpx.Response(status, json=body))
    ticket = Ticket("cheap", "http://127.0.0.1:9/lost" if adapter.name == "bfl" else "lost")
    request = make_request(model="cheap", references=())
    for work in (lambda: provider.submit(request), lambda: provider.collect(ticket)):
        error = asyncio.run(_error(work))
        assert KEY not in str(error)
        assert error is None or error.spent_usd >= 0


async def _error(work: Callable[[], Awaitable[object]]) -> ProviderError | None:
    try:
        await work()
    except ProviderError as error:
        return error
    return None
