"""All image models that the settings give access to: their cards alone, or with open providers.

Cards are data. A process that only reads them (router, listings) loads neither OpenCV nor the composer.
"""

from __future__ import annotations

from collections.abc import Iterator

from infra.providers import composer_models
from infra.providers.apis import APIS
from infra.providers.base import BlobReader, Provider
from infra.providers.real_esrgan import models as real_esrgan
from infra.providers.registry import Catalogue, Registry
from infra.settings import PREFIX, ProvidersSettings, Settings
from infra.storage.store import ObjectStore
from schemas.errors import StoreError
from schemas.generations import ModelCard


def open_catalogue(settings: Settings) -> Catalogue:
    """The cards of all models. No provider is opened, so nothing has to be closed."""
    return Catalogue(_cards(settings), _absent(settings.providers))


def open_registry(settings: Settings, store: ObjectStore) -> Registry:
    """The open providers of all models. Images that a request names are read from `store`. Close it after use."""

    async def read(key: str) -> bytes:
        data = await store.get(key)
        if data is None:
            raise StoreError(f"the object store has no {key}", retryable=False)
        return data

    providers = (*local_providers(settings, read), *network_providers(settings.providers, read))
    return Registry(providers, _absent(settings.providers))


def local_providers(settings: Settings, blobs: BlobReader) -> Iterator[Provider]:
    """The providers that compute on this machine: the composer, and Real-ESRGAN where its extra is installed."""
    from infra.providers.composer import ComposerProvider  # noqa: PLC0415 - loads OpenCV and the composer

    yield ComposerProvider(blobs, usd_per_cpu_hour=settings.usd_per_cpu_hour)
    if real_esrgan.is_installed():
        from infra.providers.real_esrgan.provider import RealEsrganProvider  # noqa: PLC0415 - loads OpenCV

        yield RealEsrganProvider(blobs, settings.usd_per_cpu_hour, threads=settings.providers.real_esrgan.threads)


def network_providers(settings: ProvidersSettings, blobs: BlobReader) -> Iterator[Provider]:
    """The providers on the network that are on."""
    return (api.open(settings, blobs) for api in APIS if api.settings(settings).is_on)


def _cards(settings: Settings) -> Iterator[ModelCard]:
    """The cards, in the order in which `open_registry` opens their providers."""
    yield from composer_models.cards(settings.usd_per_cpu_hour)
    if real_esrgan.is_installed():
        yield from real_esrgan.cards(settings.usd_per_cpu_hour)
    for api in APIS:
        if api.settings(settings.providers).is_on:
            yield from api.listing(settings.providers).cards()


def _absent(settings: ProvidersSettings) -> dict[str, str]:
    """Models that are not offered now, and what the user must do to get each."""
    keyless = {
        model.name: f"set {PREFIX}PROVIDERS__{api.name.upper()}__KEY to have {api.name}'s models"
        for api in APIS
        if api.settings(settings).key is None
        for model in api.catalogue
    }
    return dict.fromkeys(real_esrgan.MODELS, f"run {real_esrgan.INSTALL}") | keyless
