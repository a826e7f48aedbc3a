"""Whose limits a model has: those of its provider and key; none on this machine."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from infra.providers.catalogue import open_registry
from infra.settings import FalSettings, OpenAISettings, ProvidersSettings, Settings
from infra.storage.memory_store import MemoryStore
from workers.generation.pacing.gossip import accounts_of


def settings(fal: str) -> Settings:
    keys = ProvidersSettings(fal=FalSettings(key=SecretStr(fal)), openai=OpenAISettings(key=SecretStr("other")))
    return Settings(providers=keys)


@pytest.mark.parametrize("secret", ["first", "second"])
def test_every_model_on_the_network_has_an_account_that_tells_no_key(secret: str) -> None:
    made = settings(secret)
    registry = open_registry(made, MemoryStore())
    account = accounts_of(registry, made)
    network = [card for card in registry.cards() if card.provider in {"fal", "openai"}]
    assert network
    assert all(account(card.name) for card in network)
    assert not any(secret in (account(card.name) or "") for card in network)


def test_another_key_is_another_account_and_this_machine_has_none() -> None:
    accounts = []
    for secret in ("first", "second"):
        made = settings(secret)
        registry = open_registry(made, MemoryStore())
        (card, *_) = (card for card in registry.cards() if card.provider == "fal")
        accounts.append(accounts_of(registry, made)(card.name))
        assert accounts_of(registry, made)("composer-draft") is None
    assert accounts[0] != accounts[1]
