"""Where calls go and images come from, and who sees the key."""

from __future__ import annotations

import base64
import logging
import traceback

import httpx

from schemas.errors import InvalidRequest, ProviderError
from tests.integration.providers.bench import KEY, PRICE, Bench
from tests.integration.providers.cases.registry import as_file, case, fails, fetched


@case()
async def a_call_that_is_sent_elsewhere_is_not_followed(bench: Bench) -> None:
    bench.weather("redirect")
    error = await fails(bench, InvalidRequest, "redirects elsewhere")
    assert (bench.desk.lured, error.spent_usd) == ([], 0.0)


@case(fetched)
async def an_image_that_is_elsewhere_is_not_fetched(bench: Bench) -> None:
    bench.weather("lure")
    await fails(bench, InvalidRequest, r"file_hosts|redirects elsewhere")
    assert bench.desk.lured == []


@case(as_file)
async def an_image_at_a_strange_host_is_not_fetched(bench: Bench) -> None:
    bench.weather(files_host="localhost")
    error = await fails(bench, InvalidRequest, "file_hosts")
    assert error.spent_usd == PRICE
    assert bench.calls[0].downloads == 0


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
                ticket = await bench.provider.submit(bench.request())
                shown += [repr(ticket), repr(await bench.provider.collect(ticket))]
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


class _Kept(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
