"""The price tables of listed models: from ``prices.toml`` beside this file, or from the listing itself."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Annotated, Final

from pydantic import Field

from infra.settings import ListedModel
from schemas.base import Model
from schemas.images import Size
from schemas.prices import ModelPrice, flat_price

ONE_MEGAPIXEL: Final = Size(width=1000, height=1000)
SAME_USD: Final = 0.0005
"""Prices are listed to a tenth of a cent: a listing and a table agree where they differ by less than half of that."""
_QUALITIES: Final = ("quality", "imageSize")
"""The parameters by which providers name the quality of images."""


class PriceTable(ModelPrice):
    """A table of the file, and the models that it is for."""

    models: Annotated[tuple[str, ...], Field(min_length=1)]


class PriceFile(Model):
    """The file."""

    tables: tuple[PriceTable, ...]


@cache
def price_tables() -> dict[str, ModelPrice]:
    """The tables of the file, by model."""
    text = resources.files(__package__).joinpath("prices.toml").read_text("utf-8")
    return {name: table for table in _parsed(text) for name in table.models}


def price_of_listed(model: ListedModel) -> ModelPrice:
    """The price table of `model`.

    That of the file counts only where it agrees with the listed price of one megapixel: a listing in the settings
    that corrects a price overrides the file.
    """
    listed = _flat(model)
    table = price_tables().get(model.name)
    if table is None:
        return listed
    quality = next((str(model.parameters[name]) for name in _QUALITIES if name in model.parameters), table.quality)
    bound = ModelPrice.model_validate(table.model_dump(include=set(ModelPrice.model_fields)) | {"quality": quality})
    return bound if abs(_one_megapixel(bound, model) - model.price_usd) < SAME_USD else listed


def _flat(model: ListedModel) -> ModelPrice:
    """The price in the listing: by the image, by the megapixel begun, or by the seconds that an image usually takes."""
    further = model.price_usd if model.per == "megapixel" else model.further_megapixel_usd
    usd = model.price_usd * (model.seconds if model.per == "second" else 1.0)
    return flat_price(usd, model.source, model.as_of, further_usd=further)


def _one_megapixel(price: ModelPrice, model: ListedModel) -> float:
    """The table's price of one megapixel, which is what `price_usd` of a listing means."""
    operation = model.operations[0]
    shown = () if operation == "text-to-image" else (ONE_MEGAPIXEL,)
    return price.usd(operation, ONE_MEGAPIXEL, references=shown)


def _parsed(text: str) -> tuple[PriceTable, ...]:
    return PriceFile.model_validate(tomllib.loads(text)).tables
