"""Estimates of what an image and a campaign's images cost, before anything is requested."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Final

from schemas.campaigns import Campaign
from schemas.generations import GenerationRequest, ModelCard, Prompt
from schemas.prices import ModelPrice

CHARACTERS_A_TOKEN: Final = 4.0
"""OpenAI's and Google's rule of thumb for English."""
FRAME_CHARACTERS: Final = 450
"""What a prompt's rendering in plain language adds to the prompt's own words, in characters."""
USUAL_TOKENS: Final = 250.0
"""Tokens of a prompt that is not yet written: about a thousand characters."""
_QUALITIES: Final = ("quality", "imageSize")


def estimate(price: ModelPrice, request: GenerationRequest) -> float:
    """The price of `request` by the table `price`, in US dollars."""
    asked = (request.parameters.get(name) for name in _QUALITIES)
    return price.usd(
        request.operation,
        request.size,
        quality=next((str(value) for value in asked if value is not None), ""),
        references=[reference.size for reference in request.references],
        text_tokens=prompt_tokens(request.prompt),
    )


def prompt_tokens(prompt: Prompt) -> float:
    """About how many tokens `prompt` has once it is rendered."""
    return (FRAME_CHARACTERS + sum(map(len, _words(prompt)))) / CHARACTERS_A_TOKEN


def draft_usd(cards: Iterable[ModelCard], campaign: Campaign) -> float:
    """The price of one draft of `campaign` by the most expensive of the models of `cards`, in US dollars."""
    size = campaign.draft_format.size.scaled_to(campaign.plan.draft_long_side)
    return max(card.prices.usd("text-to-image", size, text_tokens=USUAL_TOKENS) for card in cards)


def refinement_usd(cards: Iterable[ModelCard], campaign: Campaign) -> float:
    """The price of the most expensive refinement that `campaign` can ask of the models of `cards`, in US dollars.

    How a candidate is refined, and by which model, is decided when it is seen; the money has to be there before.
    """
    draft = campaign.draft_format.size.scaled_to(campaign.plan.draft_long_side)
    return max(
        card.prices.usd(
            operation, form.size, references=() if operation == "text-to-image" else (draft,), text_tokens=USUAL_TOKENS
        )
        for card in cards
        for operation, form in product(card.operations, campaign.formats)
    )


def _words(prompt: Prompt) -> Iterator[str]:
    wording = prompt.wording
    yield from (prompt.subject, prompt.scene, prompt.brand.name)
    yield from (*prompt.style, *prompt.negatives, *prompt.changes)
    yield from (wording.headline, wording.line, wording.call_to_action, wording.legal)
