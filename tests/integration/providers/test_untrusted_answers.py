"""Untrusted answers: any JSON leads to an image or to an error of the error tree, without the key."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
import sys
from collections.abc import Awaitable, Callable
from functools import cache
from itertools import cycle

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.providers.apis import APIS
from infra.providers.base import Provider, Ticket
from infra.providers.catalogue import network_providers
from infra.providers.http import provider as http_provider
from schemas.errors import ProviderError
from tests.integration.providers.adapters import ADAPTERS, UNKNOWN_ID, Adapter
from tests.integration.providers.bench import KEY, settings_for
from tests.support.factories import make_request

_MODULES = {api.name: sys.modules[api.adapter.__module__] for api in APIS}
_WORD = re.compile(r"[A-Za-z][\w ]{0,30}")
_OF_THE_BASE_CLASS = {"detail", "message", "error"}


@cache
def words_of(api: str) -> list[str]:
    """Every name and state that an adapter looks for: the short texts in the code of its module."""
    source = inspect.getsource(_MODULES[api])
    texts = {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)}
    return sorted(_OF_THE_BASE_CLASS | {text for text in texts if isinstance(text, str) and _WORD.fullmatch(text)})


@cache
def answers_to(api: str) -> st.SearchStrategy[object]:
    """Any JSON that is made of the adapter's own words."""
    words = words_of(api)
    leaves = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.sampled_from((*words, UNKNOWN_ID, KEY, ""))
    )
    names = st.sampled_from((*words, UNKNOWN_ID))
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=5),
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
@given(data=st.data(), status=st.sampled_from([200, 200, 200, 201, 202, 400, 403, 404, 422, 429, 500]))
def test_only_the_error_tree_comes_out(adapter: Adapter, monkeypatch, data, status):
    monkeypatch.setattr(http_provider, "FIRST_DELAY_SECONDS", 0.005)
    body = data.draw(answers_to(adapter.name))
    provider = _provider(adapter, httpx.Response(status, json=body))
    ticket = Ticket("cheap", adapter.lost("http://127.0.0.1:9"))
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
