"""The part that all simulated APIs share: admission, the work, the bill."""

from __future__ import annotations

import asyncio
import hashlib
import time
import uuid
from collections import Counter, deque
from dataclasses import dataclass
from random import Random
from typing import Final

from tests.support.simulator.images import paint, redraw, repaint
from tests.support.simulator.log import Api, Call, CallLog
from tests.support.simulator.weather import MISHAPS, Mishap, Weather

_AT_ONCE: Final = {"error": 500, "redirect": 302}
_INLINE_PIXELS: Final = 400_000
"""An image of up to this size is painted within 3 ms, too little for a thread."""


@dataclass(frozen=True, slots=True)
class Order:
    """A request for an image, from any API. White in `mask` is to be drawn again."""

    api: Api
    key: str
    model: str
    operation: str
    prompt: str
    width: int
    height: int
    seed: int | None = None
    reference: bytes | None = None
    mask: bytes | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """An admitted order: its call, its mishap if there is one, and the seconds that it takes."""

    order: Order
    call: Call
    mishap: Mishap | None
    latency: float

    async def image(self) -> bytes:
        """The good image: the same bytes each time."""
        order, name = self.order, self.call.id
        if order.reference is not None and order.mask is not None:
            return redraw(name, order.reference, order.mask)
        if order.reference is not None:
            return await asyncio.to_thread(repaint, name, order.reference, order.width, order.height)
        if order.width * order.height > _INLINE_PIXELS:
            return await asyncio.to_thread(paint, name, order.prompt, order.width, order.height)
        return paint(name, order.prompt, order.width, order.height)


class Rejected(Exception):
    """The order is rejected: `status` is 429, 500 or 302 (a redirect elsewhere)."""

    def __init__(self, status: int, request_id: str) -> None:
        super().__init__(status)
        self.status = status
        self.request_id = request_id


class Desk:
    """Takes orders. The mishap of an order depends on `seed` and the order alone, not on its time."""

    def __init__(self, seed: int = 0) -> None:
        self.weather = Weather()
        self.log = CallLog()
        self.jobs: dict[str, Job] = {}
        self.lured: list[dict[str, str]] = []
        """The headers of clients that followed a redirect elsewhere."""
        self._seed = seed
        self._times_ordered: Counter[str] = Counter()
        self._recent: deque[float] = deque()
        self._working = 0

    def admit(self, order: Order) -> Job:
        """Take `order`. Raises `Rejected` where it is not taken."""
        random = self._random_for(order)
        mishap, latency = self._mishap(random), self.weather.latency.draw(random)
        call = _call(order, mishap)
        self.log.add(call)
        if self._is_too_much() or mishap == "throttle":
            raise self._rejected(call, 429)
        if mishap in _AT_ONCE:
            raise self._rejected(call, _AT_ONCE[mishap])
        job = self.jobs[call.id] = Job(order, call, mishap, latency)
        return job

    async def work(self, job: Job) -> None:
        """Wait for the time of the work; then the image is made and billed, or the work has failed."""
        self._working += 1
        try:
            await asyncio.sleep(job.latency)
            if job.mishap == "hang":
                await asyncio.Event().wait()
        finally:
            self._working -= 1
        self._end(job)

    def clear(self) -> None:
        """Forget all calls."""
        self.log.clear()
        self.jobs.clear()
        self._times_ordered.clear()

    def _end(self, job: Job) -> None:
        call = job.call
        if job.mishap in {"refusal", "failure"}:
            if call.is_open:
                call.outcome = "refused" if job.mishap == "refusal" else "failed"
            return
        call.made_at = time.time()
        call.billed_usd = self.weather.price(call.model)
        if call.is_open:
            call.outcome = "made"

    def _mishap(self, random: Random) -> Mishap | None:
        point = random.random()
        for name in MISHAPS:
            point -= self.weather.rates.get(name, 0.0)
            if point < 0:
                return name
        return None

    def _random_for(self, order: Order) -> Random:
        identity = f"{self._seed}|{order.api}|{order.model}|{_digest(order.prompt)}|{order.seed}|{order.operation}"
        self._times_ordered[identity] += 1
        return Random(f"{identity}|{self._times_ordered[identity]}")

    def _is_too_much(self) -> bool:
        weather, now = self.weather, time.monotonic()
        while self._recent and self._recent[0] < now - 1.0:
            self._recent.popleft()
        full = weather.most_open is not None and self._working >= weather.most_open
        fast = weather.most_per_second is not None and len(self._recent) >= weather.most_per_second
        if not (weather.storm or full or fast):
            self._recent.append(now)
            return False
        return True

    def _rejected(self, call: Call, status: int) -> Rejected:
        call.outcome = "throttled" if status == 429 else "failed"
        call.answered_at = time.time()
        return Rejected(status, call.id)


def _call(order: Order, mishap: Mishap | None) -> Call:
    return Call(
        id=str(uuid.uuid4()),
        api=order.api,
        key=order.key,
        model=order.model,
        operation=order.operation,
        prompt_digest=_digest(order.prompt),
        seed=order.seed,
        received_at=time.time(),
        mishap=mishap or "",
    )


def _digest(prompt: str) -> str:
    return hashlib.sha256(prompt.encode()).hexdigest()[:16]
