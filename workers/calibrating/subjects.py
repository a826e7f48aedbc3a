"""Which model a calibration is about: the catalogue's entry for a version."""

from __future__ import annotations

from infra.providers.registry import Registry
from infra.storage.calibrations import is_of
from schemas.calibration import ModelVersion
from schemas.errors import InvalidRequest
from schemas.generations import ModelCard


def entry_of(registry: Registry, subject: ModelVersion) -> ModelCard | None:
    """The catalogue's entry for `subject`: the model of that name, or another entry of it in that version.

    A second version of a model is listed under a name that begins with the first one's (``my-model``, ``my-model-2``).
    """
    named = [card for card in registry.cards() if is_of(card.name, subject.model)]
    return next((card for card in named if card.version == subject.version), None)


def required_entry(registry: Registry, subject: ModelVersion) -> ModelCard:
    """As `entry_of`. Raises `InvalidRequest`, with the versions that there are, where it lists none."""
    found = entry_of(registry, subject)
    if found is not None:
        return found
    own = registry.card(subject.model)
    known = [f"{card.name}@{card.version}" for card in registry.cards() if is_of(card.name, own.name)]
    raise InvalidRequest(f"no model is listed as {subject}; there is {', '.join(known)}")
