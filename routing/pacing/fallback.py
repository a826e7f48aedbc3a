"""Which model makes an image when the one that was asked for cannot.

A fallback keeps modality and tier: it does the same operation (an edit never goes to a model that has only words to
go by), takes the images to start from, makes the size, and belongs to the same tier. A refusal never goes to
another model, nor does a request that is wrong; an answer without an image does, and so does what an account is not
served: its key is wrong, it is empty, or the model is gone.
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
    """The models that may make the image of `request`, in their order; the first is the one that it asks for."""
    names = [asked.name, *(card.name for card in fallbacks if can_replace(asked, card, request, now))]
    return list(dict.fromkeys(names))


def should_fail_over(error: ProviderError) -> bool:
    """Whether a job goes to the next model at once after `error`: no answer, one without an image, or no access.

    Where a model only wants to be asked more slowly its jobs wait, unless it is away altogether.
    """
    return isinstance(error, Unavailable | BadOutput | NotServed | BudgetExceeded)
