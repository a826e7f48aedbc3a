"""The contract of every adapter, case by case: what happens to the call, and what the adapter must do."""

from __future__ import annotations

from tests.integration.providers.cases import good, places, rejected, spoiled, waiting
from tests.integration.providers.cases.registry import CASES

__all__ = ["CASES", "good", "places", "rejected", "spoiled", "waiting"]
