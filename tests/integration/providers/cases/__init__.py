"""What every adapter must keep, case by case: what befalls the call, and what must come of it."""

from __future__ import annotations

from tests.integration.providers.cases import good, places, spoiled, turned_away, waiting
from tests.integration.providers.cases.registry import CASES

__all__ = ["CASES", "good", "places", "spoiled", "turned_away", "waiting"]
