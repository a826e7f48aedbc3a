"""The pace of calls to image models: turns in this process, and what processes tell each other."""

from __future__ import annotations

from workers.generation.pacing.pacer import Pacer
from workers.generation.pacing.sharing import shared

__all__ = ["Pacer", "shared"]
