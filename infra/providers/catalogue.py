"""All image models that the settings give access to."""

from __future__ import annotations

from infra.providers.composer.provider import ComposerProvider
from infra.providers.registry import Registry
from infra.settings import Settings
from infra.storage.store import ObjectStore
from schemas.errors import StoreError


def open_registry(settings: Settings, store: ObjectStore) -> Registry:
    """The models of this machine. Pictures that a request names are read from `store`."""

    async def read(key: str) -> bytes:
        data = await store.get(key)
        if data is None:
            raise StoreError(f"the object store has no {key}", retryable=False)
        return data

    return Registry([ComposerProvider(read, usd_per_cpu_hour=settings.usd_per_cpu_hour)])
