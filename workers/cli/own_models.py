"""The user's own models, tried out before anything starts: a worker that cannot load one would only start again."""

from __future__ import annotations

from importlib import import_module

from infra.settings import Settings


def check_own_models(settings: Settings) -> str:
    """Load what `settings` name and try it out; in words, what there is. OpenCV is imported only where there is one.

    Raises:
        InvalidSettings: a model cannot be used; with what to write instead.
    """
    if not settings.alignment.is_on:
        return "off, optional: docs/scoring.md says how to give it a CLIP model"
    (check,) = import_module("imaging.measures.content.alignment").alignment_checks(settings.alignment)
    return f"{check.name} ({check.version})"
