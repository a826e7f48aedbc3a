"""All image models that the settings give access to."""

from __future__ import annotations

from collections.abc import Iterator

from infra.providers import real_esrgan
from infra.providers.base import BlobReader, Provider
from infra.providers.composer.provider import ComposerProvider
from infra.providers.fal import FalProvider
from infra.providers.fal_models import FAL_MODELS
from infra.providers.http.client import Access, ApiClient
from infra.providers.http.listing import Listing
from infra.providers.openai_images import OpenAIProvider
from infra.providers.openai_models import OPENAI_MODELS
from infra.providers.registry import Registry
from infra.settings import ListedModel, ProvidersSettings, Settings
from infra.settings.providers import HttpProviderSettings
from infra.storage.store import ObjectStore
from schemas.errors import StoreError


def open_registry(settings: Settings, store: ObjectStore) -> Registry:
    """The models of this machine and of the network. Pictures that a request names are read from `store`."""

    async def read(key: str) -> bytes:
        data = await store.get(key)
        if data is None:
            raise StoreError(f"the object store has no {key}", retryable=False)
        return data

    providers = (*local_providers(settings, read), *network_providers(settings.providers, read))
    return Registry(providers, absent=dict.fromkeys(real_esrgan.MODELS, f"run {real_esrgan.INSTALL}"))


def local_providers(settings: Settings, blobs: BlobReader) -> Iterator[Provider]:
    """The providers that compute on this machine: the composer, and Real-ESRGAN where its extra is installed."""
    yield ComposerProvider(blobs, usd_per_cpu_hour=settings.usd_per_cpu_hour)
    if real_esrgan.is_installed():
        yield real_esrgan.RealEsrganProvider(
            blobs, settings.usd_per_cpu_hour, threads=settings.providers.real_esrgan.threads
        )


def network_providers(settings: ProvidersSettings, blobs: BlobReader) -> Iterator[Provider]:
    """The providers on the network that are on."""
    if settings.fal.is_on:
        access = _access("fal", settings.fal, settings, "https://queue.fal.run", "Key")
        yield FalProvider(ApiClient(access), _listing("fal", settings.fal, FAL_MODELS), blobs)
    if settings.openai.is_on:
        access = _access("openai", settings.openai, settings, "https://api.openai.com", "Bearer")
        yield OpenAIProvider(ApiClient(access), _listing("openai", settings.openai, OPENAI_MODELS), blobs)


def _access(
    service: str, provider: HttpProviderSettings, common: ProvidersSettings, usual_url: str, scheme: str
) -> Access:
    return Access(
        service=service,
        base_url=provider.base_url or usual_url,
        key=provider.key,
        scheme=scheme,
        connect_seconds=common.connect_seconds,
        answer_seconds=common.answer_seconds,
        limit_seconds=common.limit_seconds,
        file_hosts=provider.file_hosts,
    )


def _listing(service: str, provider: HttpProviderSettings, catalogue: tuple[ListedModel, ...]) -> Listing:
    """What the settings list, and after it the catalogue where a key opens it."""
    return Listing(service, (*provider.models, *(catalogue if provider.key is not None else ())))
