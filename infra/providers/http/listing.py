"""The listed models of one provider: their cards, and the checks and sizes of a request."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable

from infra.providers.http.pricing import usual_price
from infra.providers.price_tables import price_of_listed
from infra.settings import ListedModel
from schemas.errors import InvalidRequest
from schemas.generations import GenerationRequest, ModelCard
from schemas.images import Size


class Listing:
    """The models of a provider by name. Of two with one name the first counts."""

    def __init__(self, provider: str, models: Iterable[ListedModel]) -> None:
        self._provider = provider
        self._models: dict[str, ListedModel] = {}
        for model in models:
            self._models.setdefault(model.name, model)

    def cards(self) -> tuple[ModelCard, ...]:
        """The card of each model."""
        return tuple(_card(self._provider, model) for model in self._models.values())

    def find(self, name: str) -> ListedModel:
        """The model of that name. Raises InvalidRequest where there is none."""
        model = self._models.get(name)
        if model is None:
            near = difflib.get_close_matches(name, self._models, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise InvalidRequest(f"{self._provider} has no model {name!r}{hint}")
        return model

    def model_for(self, request: GenerationRequest) -> ListedModel:
        """The model of `request`. Raises InvalidRequest where there is none, or it cannot do the request."""
        model = self.find(request.model)
        if request.operation not in model.operations:
            raise InvalidRequest(f"{model.name} does not do {request.operation}; it does {', '.join(model.operations)}")
        if max(request.size.width, request.size.height) > model.longest_side:
            asked = f"{request.size.width}x{request.size.height}"
            raise InvalidRequest(f"{asked} is above {model.longest_side} px, the longest side of {model.name}")
        if request.operation != "text-to-image" and not request.references:
            raise InvalidRequest(f"{request.operation} needs the image to start from in references")
        if request.operation == "masked-edit" and request.mask is None:
            raise InvalidRequest("masked-edit needs a mask")
        return model


def size_for(model: ListedModel, asked: Size) -> Size:
    """The size nearest to `asked` that `model` makes: in ratio first, then in area."""
    if not model.sizes:
        step = model.side_multiple
        sides = (max(step, 16, round(side / step) * step) for side in (asked.width, asked.height))
        return Size(width=next(sides), height=next(sides))
    offered = [Size(width=int(w), height=int(h)) for w, _, h in (size.partition("x") for size in model.sizes)]
    return min(offered, key=lambda size: (abs(math.log(size.ratio / asked.ratio)), abs(_area(size) - _area(asked))))


def ratio_for(model: ListedModel, asked: Size) -> str:
    """The ratio nearest to `asked` that `model` takes, such as ``4:5``."""
    return min(model.ratios, key=lambda ratio: abs(math.log(_ratio(ratio) / asked.ratio)))


def _ratio(text: str) -> float:
    width, _, height = text.partition(":")
    return int(width) / int(height)


def _area(size: Size) -> int:
    return size.width * size.height


def _card(provider: str, model: ListedModel) -> ModelCard:
    return ModelCard(
        name=model.name,
        version=model.called,
        provider=provider,
        tier=model.tier,
        operations=model.operations,
        seed=model.seed,
        max_references=model.max_references,
        longest_side=model.longest_side,
        price_usd=usual_price(model),
        seconds=model.seconds,
        source=model.source,
        as_of=model.as_of,
        retires_at=model.retires_at,
        price=price_of_listed(model),
    )
