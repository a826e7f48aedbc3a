"""What the settings turn on, and that a child process gets the same."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from infra.providers.apis import APIS
from infra.providers.catalogue import network_providers, open_catalogue, open_registry
from infra.providers.fal_models import FAL_MODELS
from infra.providers.openai_models import OPENAI_MODELS
from infra.settings import PREFIX, InvalidSettings, Settings, environment, load
from infra.storage.memory_store import MemoryStore
from schemas.errors import InvalidRequest

FILE = """
[providers]
limit_seconds = 30.0
[providers.fal]
key = "fal-key"
file_hosts = ["fal.media", "cdn.example.org"]
[[providers.fal.models]]
name = "my-flux"
path = "me/my-flux"
tier = "fast"
price_usd = 0.001
seconds = 0.5
operations = ["text-to-image", "image-to-image"]
parameters = { steps = 4, note = "a, \\"b\\"" }
slots = { prompt = "text" }
tokens = { image_out = 30.0 }
retires_at = 2030-01-01T00:00:00Z
[providers.openai]
base_url = "http://localhost:8188"
[[providers.openai.models]]
name = "local"
tier = "flagship"
price_usd = 0.0
seconds = 9.0
"""


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


async def _read(key: str) -> bytes:
    raise AssertionError(key)


async def _names(settings: Settings) -> dict[str, set[str]]:
    found = {}
    for provider in network_providers(settings.providers, _read):
        found[provider.name] = {card.name for card in provider.models()}
        await provider.close()
    return found


async def test_without_keys_and_addresses_only_what_runs_on_this_machine_is_there():
    registry = open_registry(Settings(), MemoryStore())
    assert {card.provider for card in registry.cards()} == {"composer", "real-esrgan"}
    await registry.close()


async def test_without_its_extra_a_model_is_not_listed_and_the_error_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr("infra.providers.real_esrgan.models.is_installed", lambda: False)
    registry = open_registry(Settings(), MemoryStore())
    assert {card.provider for card in registry.cards()} == {"composer"}
    with pytest.raises(InvalidRequest, match=r'real-esrgan-x4.*pip install "brushfire\[neural\]"'):
        registry.card("real-esrgan-x4")
    await registry.close()


async def test_a_key_opens_the_catalogue_an_address_only_what_is_listed(tmp_path):
    (tmp_path / "brushfire.toml").write_text(FILE)
    names = await _names(load())
    assert names == {"fal": {"my-flux", *(model.name for model in FAL_MODELS)}, "openai": {"local"}}


async def test_cards_without_providers_are_those_that_the_providers_serve(tmp_path):
    (tmp_path / "brushfire.toml").write_text(FILE)
    registry = open_registry(load(), MemoryStore())
    assert open_catalogue(load()).cards() == registry.cards()
    await registry.close()


async def test_a_key_in_the_environment_is_enough(monkeypatch):
    monkeypatch.setenv("BRUSHFIRE_PROVIDERS__OPENAI__KEY", "sk-1")
    assert await _names(load()) == {"openai": {model.name for model in OPENAI_MODELS}}


@pytest.mark.parametrize("api", [api for api in APIS if api.catalogue], ids=lambda api: api.name)
async def test_each_key_opens_its_catalogue(monkeypatch, api):
    monkeypatch.setenv(f"BRUSHFIRE_PROVIDERS__{api.name.upper()}__KEY", "k-1")
    assert await _names(load()) == {api.name: {model.name for model in api.catalogue}}


@pytest.mark.parametrize("name", ["compatible", "automatic1111", "comfyui"])
async def test_an_own_server_offers_what_is_listed(monkeypatch, name):
    model = '[{"name": "mine", "path": "text_to_image", "tier": "fast", "price_usd": 0, "seconds": 3}]'
    monkeypatch.setenv(f"BRUSHFIRE_PROVIDERS__{name.upper()}__BASE_URL", "http://localhost:7860")
    monkeypatch.setenv(f"BRUSHFIRE_PROVIDERS__{name.upper()}__MODELS", model)
    assert await _names(load()) == {name: {"mine"}}


@pytest.mark.parametrize("hosts", [None, "[]", '["a.example.org", "b.example.org"]'])
def test_a_child_process_gets_the_same_settings(tmp_path, monkeypatch, hosts):
    text = FILE if hosts is None else FILE.replace('["fal.media", "cdn.example.org"]', hosts)
    (tmp_path / "brushfire.toml").write_text(text)
    settings = load().model_copy(update={"data": tmp_path})
    (tmp_path / "brushfire.toml").unlink()
    variables = environment(settings)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert load() == settings
    assert variables["BRUSHFIRE_PROVIDERS__FAL__KEY"] == "fal-key"
    assert variables["BRUSHFIRE_PROVIDERS__FAL__MODELS"].startswith('[{"name":"my-flux"')


def test_a_key_is_never_shown(monkeypatch):
    monkeypatch.setenv("BRUSHFIRE_PROVIDERS__FAL__KEY", "hush")
    settings = load()
    assert "hush" not in repr(settings) + str(settings) + settings.model_dump_json()


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("FAL__KEY", "two words", "no HTTP header carries"),
        ("FAL__KEY", "line\n", "no HTTP header carries"),
        ("FAL__BASE_URL", "queue.fal.run", r"providers\.fal\.base_url"),
        ("OPENAI__BASE_URL", "http://localhost:1", "list what the server has under models"),
        ("OPENAI__MODELS", "[{", "providers"),
        ("OPENAI__MODELS", '[{"name": "m"}]', r"providers\.openai\.models\.0\.tier: Field required"),
        ("OPENAI__MODELS", '[{"nome": "m"}]', r"providers\.openai\.models\.0\.nome"),
        ("OPENAI__KEI", "x", "did you mean 'key'"),
        ("LIMIT_SECONDS", "0", r"providers\.limit_seconds"),
        ("COMFYUI__KEY", "token", "say where the server is"),
        ("COMPATIBLE__KEY", "sk-1", "say where the server is"),
        ("AUTOMATIC1111__BASE_URL", "http://localhost:7860", "list what the server has under models"),
        ("REPLICATE__MODELS", '[{"name": "m", "slots": {"prompts": "p"}}]', r"providers\.replicate\.models\.0"),
        ("GEMINI__MODELS", '[{"name": "m", "ratios": ["wide"]}]', r"providers\.gemini\.models\.0"),
    ],
)
def test_a_mistake_is_named_and_no_key_with_it(monkeypatch, variable, value, message):
    monkeypatch.setenv(f"BRUSHFIRE_PROVIDERS__{variable}", value)
    with pytest.raises(InvalidSettings, match=message) as caught:
        load()
    assert "two words" not in str(caught.value)


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("gpt-image-2", "set BRUSHFIRE_PROVIDERS__OPENAI__KEY to have openai's models"),
        ("gpt-imag-2", "did you mean 'gpt-image-2'"),
        ("flux-2-pro", "set BRUSHFIRE_PROVIDERS__FAL__KEY"),
    ],
)
async def test_a_model_without_a_key_says_which_key(model: str, said: str) -> None:
    registry = open_registry(load(), MemoryStore())
    with pytest.raises(InvalidRequest, match=said):
        registry.card(model)
    await registry.close()
