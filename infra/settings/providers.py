"""The settings of the image models on the network, and of optional ones on this machine."""

from __future__ import annotations

import re
from typing import Annotated, Final, Self

from pydantic import Field, SecretStr, StringConstraints, field_validator, model_validator
from pydantic_settings import NoDecode

from infra.settings.group import Group, split
from infra.settings.providers_models import ListedModel, TokenPrices

__all__ = [
    "HEADER_WORD", "Automatic1111Settings", "BaseUrl", "BflSettings", "ComfyUISettings", "CompatibleSettings",
    "FalSettings", "GeminiSettings", "Hosts", "HttpProviderSettings", "ListedModel", "OpenAISettings",
    "ProvidersSettings", "RealEsrganSettings", "ReplicateSettings", "StabilitySettings", "TokenPrices",
]  # fmt: skip

BaseUrl = Annotated[str, StringConstraints(pattern=r"^https?://[^/\s?#@]+(/[^\s?#]*)?$")]
HEADER_WORD: Final = re.compile(r"[\x21-\x7e]+")
Seconds = Annotated[float, Field(gt=0)]
Hosts = Annotated[tuple[str, ...], NoDecode]


class HttpProviderSettings(Group):
    """A provider on the network; it is on when `key` or `base_url` is set.

    With a key its own catalogue is offered, and `models` come before it; a server without a key has `models` alone.
    """

    key: SecretStr | None = None
    """API key; turns the provider on."""
    base_url: BaseUrl | None = None
    """Address of a server other than the provider's own."""
    models: tuple[ListedModel, ...] = Field(default_factory=tuple)
    """Models besides the catalogue, as JSON (docs/models.md#other-models-and-other-servers)."""
    file_hosts: Hosts = Field(default_factory=tuple)
    """Hosts, separated by commas, from which images are downloaded, besides the host of `base_url`. Hosts below
    them count too."""

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
            raise ValueError("key has spaces or letters that no HTTP header carries; copy it again")
        if self.models and not self.is_on:
            raise ValueError("models without a key or a base_url: no provider could make their images")
        if self.base_url is not None and self.key is None and not self.models:
            raise ValueError("base_url without a key: list what the server has under models")
        return self


class OwnServerSettings(HttpProviderSettings):
    """A server without a usual address and a catalogue: both must be set."""

    @model_validator(mode="after")
    def _said(self) -> Self:
        if self.key is not None and self.base_url is None:
            raise ValueError("key without a base_url: say where the server is")
        if self.is_on and not self.models:
            raise ValueError("base_url without models: list what the server has under models")
        return self


class FalSettings(HttpProviderSettings):
    """fal's queue (``https://queue.fal.run``), or a compatible server."""

    file_hosts: Hosts = Field(default_factory=lambda: ("fal.media",))


class OpenAISettings(HttpProviderSettings):
    """OpenAI's images API (``https://api.openai.com``), or a compatible server; its address without the ``/v1``."""


class CompatibleSettings(OwnServerSettings):
    """Another server that speaks OpenAI's images API, besides OpenAI's own; its address without the ``/v1``."""


class GeminiSettings(HttpProviderSettings):
    """Google's Gemini API (``https://generativelanguage.googleapis.com``)."""


class ReplicateSettings(HttpProviderSettings):
    """Replicate (``https://api.replicate.com``)."""

    file_hosts: Hosts = Field(default_factory=lambda: ("replicate.delivery",))


class BflSettings(HttpProviderSettings):
    """Black Forest Labs (``https://api.bfl.ai``, or one region's ``https://api.eu.bfl.ai``)."""

    file_hosts: Hosts = Field(default_factory=lambda: ("bfl.ai", "bfldeliveryprod.blob.core.windows.net"))
    key_hosts: Hosts = Field(default_factory=lambda: ("bfl.ai",))
    """Hosts, separated by commas, to which the key is sent when a request is polled. Hosts below them count too."""

    @field_validator("key_hosts", mode="before")
    @classmethod
    def _split_hosts(cls, value: object) -> object:
        return split(value)


class StabilitySettings(HttpProviderSettings):
    """Stability AI (``https://api.stability.ai``)."""


class Automatic1111Settings(OwnServerSettings):
    """AUTOMATIC1111's web UI or Forge with ``--api``; its key is ``user:password`` if ``--api-auth`` is set."""


class ComfyUISettings(OwnServerSettings):
    """A ComfyUI server; its key is the Bearer token of a proxy in front of it, if there is one."""


class RealEsrganSettings(Group):
    """Real-ESRGAN on this machine, where the extra `neural` is installed.

    See docs/models.md#a-neural-upscaler-on-this-machine.
    """

    threads: Annotated[int, Field(ge=1, le=64)] = 1
    """Cores for one image."""


class ProvidersSettings(Group):
    """Image models on the network, and optional ones on this machine (docs/models.md).

    `limit_seconds` must be below `handler_limit_seconds`, so that the provider's error comes before the worker's, and a
    queued request is withdrawn in time.
    """

    fal: FalSettings = FalSettings()
    openai: OpenAISettings = OpenAISettings()
    compatible: CompatibleSettings = CompatibleSettings()
    gemini: GeminiSettings = GeminiSettings()
    replicate: ReplicateSettings = ReplicateSettings()
    bfl: BflSettings = BflSettings()
    stability: StabilitySettings = StabilitySettings()
    automatic1111: Automatic1111Settings = Automatic1111Settings()
    comfyui: ComfyUISettings = ComfyUISettings()
    real_esrgan: RealEsrganSettings = RealEsrganSettings()
    connect_seconds: Seconds = 5.0
    """Limit of the start of a connection."""
    answer_seconds: Seconds = 15.0
    """Limit of an answer that takes no work, such as a queue's."""
    limit_seconds: Seconds = 75.0
    """Limit of a whole image."""
