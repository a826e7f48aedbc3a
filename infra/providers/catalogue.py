"""All image models that the settings give access to."""

from __future__ import annotations

from collections.abc import Iterator

from infra.providers import real_esrgan
from infra.providers.apis import DIALECTS
from infra.providers.base import BlobReader, Provider
from infra.providers.composer import ComposerProvider
from infra.providers.registry import Registry
from infra.settings import PREFIX, ProvidersSettings, Settings
from infra.storage.store import ObjectStore
from schemas.errors import StoreError


def open_registry(settings: Settings, store: ObjectStore) -> Registry:
    """The models of this machine and of the network. Images that a request names are read from `store`."""

    async def read(key: str) -> bytes:
        data = await store.get(key)
        if data is None:
            raise StoreError(f"the object store has no {key}", retryable=False)
        return data

    providers = (*local_providers(settings, read), *network_providers(settings.providers, read))
    local = dict.fromkeys(real_esrgan.MODELS, f"run {real_esrgan.INSTALL}")
    return Registry(providers, absent=local | _without_key(settings.providers))


def local_providers(settings: Settings, blobs: BlobReader) -> Iterator[Provider]:
    """The providers that compute on this machine: the composer, and Real-ESRGAN where its extra is installed."""
    yield ComposerProvider(blobs, usd_per_cpu_hour=settings.usd_per_cpu_hour)
    if real_esrgan.is_installed():
        yield real_esrgan.RealEsrganProvider(
            blobs, settings.usd_per_cpu_hour, threads=settings.providers.real_esrgan.threads
        )


def network_providers(settings: ProvidersSettings, blobs: BlobReader) -> Iterator[Provider]:
    """The providers on the network that are on."""
    return (dialect.open(settings, blobs) for dialect in DIALECTS if dialect.settings(settings).is_on)


def _without_key(settings: ProvidersSettings) -> dict[str, str]:
    """The models of catalogues that no key opens yet, and how to turn them on."""
    closed = [dialect for dialect in DIALECTS if dialect.settings(settings).key is None]
    return {
        model.name: f"set {PREFIX}PROVIDERS__{dialect.name.upper()}__KEY to have {dialect.name}'s models"
        for dialect in closed
        for model in dialect.catalogue
    }
