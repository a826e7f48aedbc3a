"""The requests to the simulator and their outcomes: one `Call` for each request for an image."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Literal

Api = Literal[
    "fal",
    "openai",
    "compatible",
    "gemini",
    "replicate",
    "bfl",
    "stability",
    "automatic1111",
    "comfyui",
]
Outcome = Literal["working", "made", "served", "spoiled", "refused", "throttled", "failed", "abandoned", "cancelled"]
"""`working` and `made` (billed, not fetched yet) are open; the others are final.

`served`: a good image reached the client; `spoiled`: a bad one did; `abandoned`: the client hung up before
the answer (the image may be made and billed all the same).
"""


@dataclass(slots=True)
class Call:
    """One request for an image. Times are seconds of the Unix epoch, 0 where they did not happen.

    `id` is the provider's request id; `answered_at` is the end of the answer that carried the image or the
    error; `made_at` is when the image was made and billed.
    """

    id: str
    api: Api
    key: str
    model: str
    operation: str
    prompt_digest: str
    seed: int | None
    received_at: float
    mishap: str = ""
    outcome: Outcome = "working"
    made_at: float = 0.0
    answered_at: float = 0.0
    billed_usd: float = 0.0
    polls: int = 0
    downloads: int = 0

    @property
    def is_open(self) -> bool:
        """Whether the client still waits for an answer."""
        return self.outcome in {"working", "made"}


@dataclass(slots=True)
class CallLog:
    """All calls, in the order of arrival."""

    calls: list[Call] = field(default_factory=list)
    _by_id: dict[str, Call] = field(default_factory=dict)

    def add(self, call: Call) -> None:
        """Add a call."""
        self.calls.append(call)
        self._by_id[call.id] = call

    def find(self, request_id: str) -> Call | None:
        """The call of a request id."""
        return self._by_id.get(request_id)

    def open_by_key(self) -> Counter[str]:
        """The number of open calls, by API key."""
        return Counter(call.key for call in self.calls if call.is_open)

    def to_json(self, since: int = 0) -> str:
        """The calls from number `since` on, as a JSON list."""
        return json.dumps([asdict(call) for call in self.calls[since:]])

    def clear(self) -> None:
        """Forget everything."""
        self.calls.clear()
        self._by_id.clear()
