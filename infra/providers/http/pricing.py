"""What an image costs: by the image, by the megapixel, by the second, by tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from infra.providers.price_tables import ONE_MEGAPIXEL, price_of_listed
from infra.settings import ListedModel
from infra.settings.providers import TokenPrices
from schemas.images import Size
from schemas.operations import Operation

_MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens that an answer reports, by kind."""

    text_in: int = 0
    image_in: int = 0
    text_out: int = 0
    image_out: int = 0


def price_of(
    model: ListedModel, size: Size, operation: Operation | None = None, references: Sequence[Size] = ()
) -> float:
    """The estimated price of one image of `size`, US dollars, by the model's price table.

    Without an operation the model's first one counts. An edit without references starts from an image of a megapixel.
    """
    asked = operation or model.operations[0]
    shown = references or (() if asked == "text-to-image" else (ONE_MEGAPIXEL,))
    return price_of_listed(model).usd(asked, size, references=shown)


def usual_price(model: ListedModel) -> float:
    """The price of an image of a megapixel, US dollars."""
    return price_of(model, ONE_MEGAPIXEL)


def price_of_tokens(prices: TokenPrices, tokens: Tokens) -> float:
    """The price of the tokens that an answer reports, US dollars."""
    text = tokens.text_in * prices.text_in + tokens.text_out * prices.text_out
    image = tokens.image_in * prices.image_in + tokens.image_out * prices.image_out
    return (text + image) / _MILLION


def token_count(value: Any) -> int:
    """A number of tokens from an answer; 0 for anything that is not one."""
    return value if isinstance(value, int) and value > 0 else 0


def price_note(model: ListedModel) -> str:
    """The price in words, such as ``$0.03 a megapixel``."""
    note = f"${model.price_usd:g} {'a' if model.per != 'image' else 'an'} {model.per}"
    if model.further_megapixel_usd is not None:
        note += f", ${model.further_megapixel_usd:g} for each further megapixel"
    return note + (", billed by tokens" if model.tokens is not None else "")
