"""What is to be known of an image model beforehand: its abilities, its price, where both come from."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, JsonValue, StringConstraints
from pydantic.dataclasses import dataclass

from schemas.base import Dollars, Identifier, Instant
from schemas.generations import Operation, SeedSupport

PixelSize = Annotated[str, StringConstraints(pattern=r"^[1-9]\d{1,3}x[1-9]\d{1,3}$")]
Ratio = Annotated[str, StringConstraints(pattern=r"^[1-9]\d?:[1-9]\d?$")]
Slot = Literal[
    "prompt", "negative_prompt", "seed", "width", "height", "aspect_ratio", "image", "images", "mask", "strength"
]
"""What a request can say to a model whose own names for it differ from model to model."""


@dataclass(frozen=True, config=ConfigDict(extra="forbid", allow_inf_nan=False))
class TokenPrices:
    """Prices in US dollars for a million tokens, by what goes in and comes out."""

    text_in: Dollars = 0.0
    image_in: Dollars = 0.0
    text_out: Dollars = 0.0
    image_out: Dollars = 0.0


@dataclass(frozen=True, config=ConfigDict(extra="forbid", allow_inf_nan=False))
class ListedModel:
    """A model of a provider, and all that is to be known of it beforehand.

    `name` is what campaigns write; `path` is what the provider calls it (fal: the endpoint, such as
    ``fal-ai/flux/schnell``; OpenAI: the model, such as ``gpt-image-2``; ComfyUI: the workflow; unset: the name).
    `price_usd` is for one image, for each megapixel begun, or for each second of work, as `per` says;
    `further_megapixel_usd` is for each megapixel begun after the first. With `tokens` the bill goes by tokens,
    where the answer counts them, and `price_usd` is the estimate. `sizes` lists the sizes where the model takes
    no others, `ratios` those where it takes a ratio in place of a size; else sides are rounded to multiples of
    `side_multiple` pixels. `parameters` go along with each request as they are. `reference_field` is where fal's
    endpoint wants the images to start from: one, with the denoising strength, or a list of them. `slots` are
    the names that a model on Replicate has for what a request says.
    """

    name: Identifier
    tier: Literal["fast", "flagship"]
    price_usd: Dollars
    seconds: Annotated[float, Field(ge=0)]
    operations: Annotated[tuple[Operation, ...], Field(min_length=1)] = ("text-to-image",)
    path: str = ""
    per: Literal["image", "megapixel", "second"] = "image"
    further_megapixel_usd: Dollars | None = None
    tokens: TokenPrices | None = None
    seed: SeedSupport = "none"
    max_references: Annotated[int, Field(ge=0)] = 1
    longest_side: Annotated[int, Field(ge=16, le=8192)] = 2048
    sizes: tuple[PixelSize, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    side_multiple: Annotated[int, Field(ge=1, le=256)] = 1
    reference_field: Literal["image_url", "image_urls"] = "image_url"
    slots: dict[Slot, str] = Field(default_factory=dict)
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    source: str = "the settings"
    as_of: str = ""
    retires_at: Instant | None = None

    @property
    def called(self) -> str:
        """The provider's own name of the model."""
        return self.path or self.name
