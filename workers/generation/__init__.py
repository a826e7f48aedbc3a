"""An image, paid once: a request through the ledger, the provider and the object store."""

from __future__ import annotations

from workers.generation.gate import Affords, Call, Gate
from workers.generation.generator import Generated, Generator

__all__ = ["Affords", "Call", "Gate", "Generated", "Generator"]
