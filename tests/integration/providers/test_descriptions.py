"""What is sent and what the simulator answers, held against the descriptions that the providers publish."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from schemas.errors import ProviderError
from schemas.images import Size
from tests.integration.providers.adapters import ADAPTERS
from tests.integration.providers.bench import Bench
from tests.integration.providers.descriptions import RULES, Exchange, check, record

KONTEXT = {"path": "flux-kontext-pro", "ratios": ("1:1", "5:4"), "parameters": {"output_format": "png"}}
MODELS: dict[tuple[str, str], dict[str, Any]] = {
    ("openai", "text-to-image"): {"parameters": {"quality": "low", "output_format": "jpeg"}},
    ("openai", "image-to-image"): {"parameters": {"quality": "medium", "output_format": "jpeg"}},
    ("gemini", "text-to-image"): {"parameters": {"imageSize": "2K"}},
    ("bfl", "text-to-image"): {"path": "flux-pro-1.1", "side_multiple": 32, "parameters": {"output_format": "png"}},
    ("bfl", "image-to-image"): KONTEXT,
    ("bfl", "masked-edit"): {"path": "flux-pro-1.0-fill", "parameters": {"output_format": "png"}},
}
"""Models of the catalogue's kind, whose requests are described."""
OPERATIONS = [(api, operation) for api in RULES for operation in ADAPTERS[api].models]
EXPECTED = {
    "openai": {"CreateImageRequest", "CreateImageEditRequest", "ImagesResponse", "ErrorResponse"},
    "gemini": {"GenerateContentRequest", "GenerateContentResponse"},
    "replicate": {"CreateOfficial", "CreateVersion", "Prediction"},
    "bfl": {"FluxPro11Inputs", "FluxKontextProInputs", "FluxProFillInputs", "AsyncResponse"},
}


async def _held(bench: Bench) -> list[str]:
    """The schemas that a good image, a refusal, a failure and an answer of 429 were held against."""
    held: list[str] = []
    for mishap in (None, "refusal", "failure", "throttle", "empty"):
        bench.provider = bench.open_another(model=MODELS.get((bench.api, bench.operation)))
        bench.weather(mishap)
        exchanges = record(bench)
        try:
            await bench.make(bench.request(size=Size(width=640, height=512)))
        except ProviderError:
            assert mishap is not None
        assert exchanges
        held += [name for exchange in exchanges for name in check(bench.api, exchange)]
    return held


@pytest.mark.parametrize(("api", "operation"), OPERATIONS)
async def test_every_call_is_as_described(bench: Bench):
    held = set(await _held(bench))
    assert held <= EXPECTED[bench.api]
    requests = {rule.request for rule in RULES[bench.api]}
    assert held & requests
    assert held - requests


def test_every_description_is_used():
    """Which requests are described. An adapter without a published description has no rules."""
    described = {api: {name for rule in rules for name in rule[1:] if name} for api, rules in RULES.items()}
    assert described == EXPECTED
    assert set(RULES) <= set(ADAPTERS)


@pytest.mark.parametrize(
    ("api", "path", "body"),
    [
        ("openai", "/v1/images/generations", {"model": "gpt-image-1"}),
        ("openai", "/v1/images/generations", {"prompt": "p", "seed": 1}),
        ("gemini", "/v1beta/models/m:generateContent", {"contents": [{"parts": [{"text": 1}]}]}),
        ("gemini", "/v1beta/models/m:generateContent", {"contents": [], "image_config": {}}),
        ("replicate", "/v1/predictions", {"input": {}}),
        ("bfl", "/v1/flux-pro-1.1", {"prompt": "p", "width": 100}),
        ("bfl", "/v1/flux-pro-1.0-fill", {"prompt": "p", "image": "b64", "width": 640}),
    ],
)
def test_a_wrong_request_does_not_pass(api, path, body):
    with pytest.raises((jsonschema_rs.ValidationError, AssertionError)):
        check(api, Exchange("POST", path, body, 500, None))
