"""The settings of the image models on the network, and of optional ones on this machine."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal, Self

from pydantic import ConfigDict, Field, JsonValue, SecretStr, StringConstraints, field_validator, model_validator
from pydantic.dataclasses import dataclass
from pydantic_settings import NoDecode

from infra.settings.group import Group, split
from schemas.base import Dollars, Identifier, Instant
from schemas.generations import Operation, SeedSupport

BaseUrl = Annotated[str, StringConstraints(pattern=r"^https?://[^/\s?#@]+(/[^\s?#]*)?$")]
PixelSize = Annotated[str, StringConstraints(pattern=r"^[1-9]\d{1,3}x[1-9]\d{1,3}$")]
HEADER_WORD: Final = re.compile(r"[\x21-\x7e]+")
Seconds = Annotated[float, Field(gt=0)]


@dataclass(frozen=True, config=ConfigDict(extra="forbid", allow_inf_nan=False))
class ListedModel:
    """A model of a provider, and all that is to be known of it beforehand.

    `name` is what campaigns write; `path` is what the provider calls it (fal: the endpoint, such as
    ``fal-ai/flux/schnell``; OpenAI: the model, such as ``gpt-image-2``; unset: the name). `price_usd` is for
    one picture, or for each megapixel begun, as `per` says. `sizes` lists the sizes where the model takes no
    others; else sides are rounded to multiples of `side_multiple` pixels. `parameters` go along with each
    request as they are. `reference_field` is where fal's endpoint wants the pictures to start from: one, with
    the denoising strength, or a list of them.
    """

    name: Identifier
    tier: Literal["fast", "flagship"]
    price_usd: Dollars
    seconds: Annotated[float, Field(ge=0)]
    operations: Annotated[tuple[Operation, ...], Field(min_length=1)] = ("text-to-image",)
    path: str = ""
    per: Literal["image", "megapixel"] = "image"
    seed: SeedSupport = "none"
    max_references: Annotated[int, Field(ge=0)] = 1
    longest_side: Annotated[int, Field(ge=16, le=8192)] = 2048
    sizes: tuple[PixelSize, ...] = ()
    side_multiple: Annotated[int, Field(ge=1, le=256)] = 1
    reference_field: Literal["image_url", "image_urls"] = "image_url"
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    source: str = "the settings"
    as_of: str = ""
    retires_at: Instant | None = None

    @property
    def called(self) -> str:
        """The provider's own name of the model."""
        return self.path or self.name


class HttpProviderSettings(Group):
    """A provider on the network; it is on when `key` or `base_url` is set.

    With a key its own catalogue is offered, and `models` come before it; a server without a key has `models`
    alone. Pictures are downloaded from the base URL's own host, from `file_hosts` and from hosts below those.
    """

    key: SecretStr | None = None
    base_url: BaseUrl | None = None
    models: tuple[ListedModel, ...] = Field(default_factory=tuple)
    file_hosts: Annotated[tuple[str, ...], NoDecode] = Field(default_factory=tuple)

    @field_validator("file_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return split(value)

    @property
    def is_on(self) -> bool:
        """Is there anything to call?"""
        return self.key is not None or self.base_url is not None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.key is not None and not HEADER_WORD.fullmatch(self.key.get_secret_value()):
            raise ValueError("key has spaces or letters that no HTTP header carries; copy it anew")
        if self.models and not self.is_on:
            raise ValueError("models without a key or a base_url: nobody could make their pictures")
        if self.base_url is not None and self.key is None and not self.models:
            raise ValueError("base_url without a key: list what the server has under models")
        return self


class FalSettings(HttpProviderSettings):
    """fal's queue (``https://queue.fal.run``), or a server that speaks like it."""

    file_hosts: Annotated[tuple[str, ...], NoDecode] = Field(default_factory=lambda: ("fal.media",))


class OpenAISettings(HttpProviderSettings):
    """OpenAI's images API (``https://api.openai.com``), or any server that speaks it; without the ``/v1``."""


class RealEsrganSettings(Group):
    """Real-ESRGAN on this machine, where the extra `neural` is installed: cores of one picture."""

    threads: Annotated[int, Field(ge=1, le=64)] = 1


class ProvidersSettings(Group):
    """Image models on the network, and the optional ones on this machine.

    `connect_seconds` limits a connection's start, `answer_seconds` an answer that takes no work (a queue's),
    `limit_seconds` a whole picture: below `handler_limit_seconds`, so that the provider's error comes before
    the worker's, and a queued request is withdrawn in time.
    """

    fal: FalSettings = FalSettings()
    openai: OpenAISettings = OpenAISettings()
    real_esrgan: RealEsrganSettings = RealEsrganSettings()
    connect_seconds: Seconds = 5.0
    answer_seconds: Seconds = 15.0
    limit_seconds: Seconds = 75.0
