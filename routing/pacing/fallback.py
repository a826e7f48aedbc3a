"""Fallbacks: which model makes an image when the requested one cannot.

A fallback has the same tier and does the same operation: an edit never goes to a model that only reads text. It accepts
the reference images and makes the size. A refusal or an invalid request never goes to another model. An answer without
an image does, and so does a call that the account is not served: a wrong key, no credit, or a model that is gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from schemas.errors import BadOutput, BudgetExceeded, NotServed, ProviderError, Unavailable
from schemas.generations import GenerationRequest, ModelCard


def can_replace(asked: ModelCard, other: ModelCard, request: GenerationRequest, now: datetime) -> bool:
    """Whether `other` can make the image of `request` in place of `asked`."""
    references = min(len(request.references), asked.max_references)
    return (
        other.name != asked.name
        and other.tier == asked.tier
        and request.operation in other.operations
        and other.max_references >= references
        and other.longest_side >= max(request.size.width, request.size.height)
        and (other.retires_at is None or other.retires_at > now)
    )


def fallback_chain(
    asked: ModelCard, fallbacks: Iterable[ModelCard], request: GenerationRequest, now: datetime
) -> list[str]:
    """The names of the models that may make the image of `request`, in order; the requested one is first."""
    names = [asked.name, *(card.name for card in fallbacks if can_replace(asked, card, request, now))]
    return list(dict.fromkeys(names))


def should_fail_over(error: ProviderError) -> bool:
    """Whether a job goes to the next model at once after `error`: no answer, no image, or no access.

    A rate-limited job waits instead, unless the model is unavailable altogether.
    """
    return isinstance(error, Unavailable | BadOutput | NotServed | BudgetExceeded)
