"""Which models there are, and which provider serves each."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from infra.providers.base import Provider
from schemas.errors import InvalidRequest
from schemas.generations import ModelCard


class Catalogue:
    """Model cards by name. Of two cards with one name the first counts."""

    def __init__(self, cards: Iterable[ModelCard], absent: Mapping[str, str] | None = None) -> None:
        """Take `cards`. `absent` maps models that could be offered to what the user must do to get them."""
        self._absent = absent or {}
        self._cards: dict[str, ModelCard] = {}
        for card in cards:
            self._cards.setdefault(card.name, card)

    def cards(self) -> tuple[ModelCard, ...]:
        """All cards, sorted by name."""
        return tuple(card for _, card in sorted(self._cards.items()))

    def card(self, model: str) -> ModelCard:
        """The card of `model`.

        Raises:
            InvalidRequest: there is no such model. The message names the nearest one, or how to get this one.
        """
        found = self._cards.get(model)
        if found is None and model in self._absent:
            raise InvalidRequest(f"there is no model {model!r} here: {self._absent[model]}")
        if found is None:
            near = difflib.get_close_matches(model, {**self._cards, **self._absent}, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(self._cards))}"
            raise InvalidRequest(f"there is no model {model!r}; {hint}")
        return found


class Registry(Catalogue):
    """The catalogue of open providers: it also finds the provider of each model."""

    def __init__(self, providers: Iterable[Provider], absent: Mapping[str, str] | None = None) -> None:
        """Take the models of `providers`; of two that serve one name the first has it. `absent`: see `Catalogue`."""
        self._providers = tuple(providers)
        offers = [(card, provider) for provider in self._providers for card in provider.models()]
        super().__init__((card for card, _ in offers), absent)
        self._serving = {card.name: provider for card, provider in reversed(offers)}

    def provider(self, model: str) -> Provider:
        """The provider that serves `model`. Raises `InvalidRequest` for an unknown one."""
        return self._serving[self.card(model).name]

    async def close(self) -> None:
        """Close every provider."""
        for provider in self._providers:
            await provider.close()
