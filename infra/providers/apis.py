"""The APIs on the network: the adapter, the usual address and the form of the key of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from infra.providers.automatic1111 import Automatic1111Provider
from infra.providers.base import BlobReader
from infra.providers.bfl import BflProvider
from infra.providers.bfl_models import BFL_MODELS
from infra.providers.comfyui import ComfyUIProvider
from infra.providers.fal import FalProvider
from infra.providers.fal_models import FAL_MODELS
from infra.providers.gemini import GeminiProvider
from infra.providers.gemini_models import GEMINI_MODELS
from infra.providers.http.access import Access
from infra.providers.http.client import ApiClient
from infra.providers.http.listing import Listing
from infra.providers.http.provider import HttpProvider
from infra.providers.openai_images import OpenAIProvider
from infra.providers.openai_models import OPENAI_MODELS
from infra.providers.replicate import ReplicateProvider
from infra.providers.replicate_models import REPLICATE_MODELS
from infra.providers.stability import StabilityProvider
from infra.providers.stability_models import STABILITY_MODELS
from infra.settings import ListedModel, ProvidersSettings
from infra.settings.providers import HttpProviderSettings


@dataclass(frozen=True, slots=True)
class Api:
    """An API on the network, and the adapter that speaks it.

    `name` is its group in the settings. The key is sent in `header`, after the word `scheme`. `usual_url` is used
    where the settings name no base URL. `catalogue` is offered where there is a key.
    """

    name: str
    adapter: Callable[[str, ApiClient, Listing, BlobReader], HttpProvider]
    """Opens the provider: its name, its client, its models, and the reader of the images of requests."""
    scheme: str
    usual_url: str = ""
    catalogue: tuple[ListedModel, ...] = ()
    header: str = "Authorization"

    def settings(self, settings: ProvidersSettings) -> HttpProviderSettings:
        """The settings of this API."""
        group: HttpProviderSettings = getattr(settings, self.name)
        return group

    def listing(self, settings: ProvidersSettings) -> Listing:
        """The models that it offers: those of the settings first, then, with a key, those of the catalogue."""
        own = self.settings(settings)
        return Listing(self.name, (*own.models, *(self.catalogue if own.key is not None else ())))

    def open(self, settings: ProvidersSettings, blobs: BlobReader) -> HttpProvider:
        """A provider that speaks it. Images that a request names are read with `blobs`."""
        return self.adapter(self.name, ApiClient(self._access(settings)), self.listing(settings), blobs)

    def _access(self, settings: ProvidersSettings) -> Access:
        own = self.settings(settings)
        return Access(
            service=self.name,
            base_url=own.base_url or self.usual_url,
            key=own.key,
            scheme=self.scheme,
            connect_seconds=settings.connect_seconds,
            answer_seconds=settings.answer_seconds,
            limit_seconds=settings.limit_seconds,
            file_hosts=own.file_hosts,
            key_hosts=getattr(own, "key_hosts", ()),
            header=self.header,
        )


APIS: Final = (
    Api("fal", FalProvider, "Key", "https://queue.fal.run", FAL_MODELS),
    Api("openai", OpenAIProvider, "Bearer", "https://api.openai.com", OPENAI_MODELS),
    Api("compatible", OpenAIProvider, "Bearer"),
    Api("gemini", GeminiProvider, "", "https://generativelanguage.googleapis.com", GEMINI_MODELS, "x-goog-api-key"),
    Api("replicate", ReplicateProvider, "Bearer", "https://api.replicate.com", REPLICATE_MODELS),
    Api("bfl", BflProvider, "", "https://api.bfl.ai", BFL_MODELS, "x-key"),
    Api("stability", StabilityProvider, "Bearer", "https://api.stability.ai", STABILITY_MODELS),
    Api("automatic1111", Automatic1111Provider, "Basic"),
    Api("comfyui", ComfyUIProvider, "Bearer"),
)
