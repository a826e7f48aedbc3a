"""Which provider serves a model."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from infra.providers.base import Provider
from schemas.errors import InvalidRequest
from schemas.generations import ModelCard


class Registry:
    """Models by name, over all providers. The first provider that serves a name has it."""

    def __init__(self, providers: Iterable[Provider], absent: Mapping[str, str] | None = None) -> None:
        """`absent` are models that would be here with what its sentence names."""
        self._absent = absent or {}
        self._providers = tuple(providers)
        self._by_model: dict[str, tuple[Provider, ModelCard]] = {}
        for provider in self._providers:
            for card in provider.models():
                self._by_model.setdefault(card.name, (provider, card))

    def cards(self) -> tuple[ModelCard, ...]:
        """All models, by name."""
        return tuple(card for _, (_, card) in sorted(self._by_model.items()))

    def card(self, model: str) -> ModelCard:
        """What is known of `model`. Raises `InvalidRequest` for an unknown one."""
        return self._find(model)[1]

    def provider(self, model: str) -> Provider:
        """Who serves `model`. Raises `InvalidRequest` for an unknown one."""
        return self._find(model)[0]

    async def close(self) -> None:
        """Close every provider."""
        for provider in self._providers:
            await provider.close()

    def _find(self, model: str) -> tuple[Provider, ModelCard]:
        found = self._by_model.get(model)
        if found is None and model in self._absent:
            raise InvalidRequest(f"there is no model {model!r} here: {self._absent[model]}")
        if found is None:
            near = difflib.get_close_matches(model, {**self._by_model, **self._absent}, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(self._by_model))}"
            raise InvalidRequest(f"there is no model {model!r}; {hint}")
        return found
