"""Fallbacks keep modality and tier; refusals never fail over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from routing.pacing.fallback import can_replace, fallback_chain, should_fail_over
from schemas.errors import (
    BadOutput,
    BudgetExceeded,
    InvalidRequest,
    NotServed,
    ProviderError,
    RateLimited,
    Refused,
    Unavailable,
)
from schemas.generations import ModelCard
from tests.support.factories import NOW, make_image, make_request


def card(name: str, **changes: Any) -> ModelCard:
    fields: dict[str, Any] = {
        "name": name, "version": "1", "provider": "p", "tier": "fast", "operations": ("text-to-image",),
        "seed": "none", "price_usd": 0.01, "seconds": 2.0, "source": "test", "as_of": "2026-11",
    }  # fmt: skip
    return ModelCard(**{**fields, **changes})


EDITOR = card("editor", operations=("text-to-image", "image-to-image"), max_references=2)


def test_an_edit_never_falls_back_to_a_text_to_image_model() -> None:
    request = make_request(operation="image-to-image", references=(make_image(),))
    assert not can_replace(EDITOR, card("words"), request, NOW)
    assert can_replace(EDITOR, card("other", operations=("image-to-image",), max_references=1), request, NOW)


def test_a_model_that_takes_fewer_references_is_no_fallback() -> None:
    request = make_request(operation="image-to-image", references=(make_image("a"), make_image("b")))
    assert not can_replace(EDITOR, card("one", operations=("image-to-image",), max_references=1), request, NOW)


@pytest.mark.parametrize(
    "changes", [{"tier": "flagship"}, {"longest_side": 64}, {"retires_at": NOW - timedelta(days=1)}]
)
def test_another_tier_a_small_model_or_a_retired_one_is_no_fallback(changes: dict[str, Any]) -> None:
    assert not can_replace(card("asked"), card("other", **changes), make_request(), NOW)


def test_a_chain_begins_with_the_requested_model_and_has_no_duplicates() -> None:
    fallbacks = [card("b"), card("big", tier="flagship"), card("a"), card("b")]
    assert fallback_chain(card("a"), fallbacks, make_request(), NOW) == ["a", "b"]


@pytest.mark.parametrize(
    ("error", "elsewhere"),
    [
        (Unavailable("away"), True),
        (BadOutput("empty"), True),
        (Refused("no"), False),
        (InvalidRequest("wrong"), False),
        (RateLimited("slower"), False),
        (BudgetExceeded("the account is empty"), True),
        (NotServed("wrong key"), True),
    ],
)
def test_which_errors_fail_over(error: ProviderError, elsewhere: bool) -> None:
    assert should_fail_over(error) is elsewhere
