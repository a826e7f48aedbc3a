"""All workers in one process, without a broker: events go from handler to handler, in any order and more than once.

The workers are the real ones, with the real composer and an object store in memory; only Kafka is missing.
"""

from __future__ import annotations

import random
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

from infra import clock
from infra.campaigns.book import CampaignBook, publish
from infra.campaigns.reading import load_campaigns, upload_artwork
from infra.lexicons import load_lexicons
from infra.providers.catalogue import open_registry
from infra.providers.registry import Registry
from infra.settings import Settings
from infra.storage.ledger import Ledger
from infra.storage.memory_store import MemoryStore
from routing.safety.screening import SignalScreen
from schemas.base import Event
from schemas.campaigns import Campaign
from schemas.topics import (
    BOARD_TOPICS,
    DRAFT_JOBS,
    DRAFTS,
    FINISH_JOBS,
    REFINE_JOBS,
    REFINEMENTS,
    SIGNALS,
    Topic,
    for_lane,
)
from workers.drafter import Drafter
from workers.finisher import Finisher
from workers.generation.generator import Generator
from workers.generation.pacing.pacer import Pacer
from workers.promoter import Promoter
from workers.refiner import Refiner
from workers.refining.preparation import Preparation
from workers.router import Router
from workers.runtime.worker import Context
from workers.scorer import Scorer

E = TypeVar("E", bound=Event)
EXAMPLES = Path(__file__).parents[2] / "examples"


class Table(dict[bytes, bytes]):
    """A faust table as far as the workers use one."""


class Line:
    """All workers, and the messages between them. `repeats` is the chance that a message is delivered again."""

    def __init__(self, seed: int = 0, repeats: float = 0.0, registry: Registry | None = None) -> None:
        self.chance = random.Random(seed)
        self.repeats = repeats
        self.store = MemoryStore()
        self.settings = Settings()
        self.sent: defaultdict[str, list[Event]] = defaultdict(list)
        self.waiting: list[tuple[str, Event]] = []
        self.tables: dict[str, Table] = {}
        self.registry = registry or open_registry(self.settings, self.store)
        self._pool = ThreadPoolExecutor(1)
        self._handlers = self._wire()

    async def send(self, topic: Topic, key: str | None, event: Event) -> None:
        """The bus: a message waits for its delivery."""
        self.sent[topic.name].append(event)
        self.waiting.append((topic.name, event))

    async def send_all(self, messages: Any) -> None:
        for topic, key, event in messages:
            await self.send(topic, key, event)

    async def put_in_force(self, campaigns: list[Campaign]) -> None:
        await publish(self.store, campaigns)

    async def example_campaigns(self) -> list[Campaign]:
        loaded = load_campaigns(EXAMPLES / "campaigns").loaded
        return [await upload_artwork(entry.campaign, entry.path.parent, self.store) for entry in loaded]

    async def run(self) -> None:
        """Deliver until nothing waits."""
        while self.waiting:
            await self.step()

    async def step(self) -> None:
        """Deliver one message, perhaps to be delivered again."""
        place = self.chance.randrange(len(self.waiting))
        name, event = self.waiting.pop(place)
        if self.chance.random() < self.repeats:
            self.waiting.append((name, event))
        handler = self._handlers.get(name)
        if handler is not None:
            await handler(event)

    def all(self, kind: type[E]) -> list[E]:
        """Every event of `kind` that was sent, each distinct one once."""
        found: list[E] = []
        for events in self.sent.values():
            found.extend(event for event in events if isinstance(event, kind) and event not in found)
        return found

    async def close(self) -> None:
        self._pool.shutdown()
        await self.registry.close()

    def _context(self, kind: str) -> Context:
        bus: Any = self
        return Context(kind, self.settings, 1, bus, self.store, SimpleNamespace())

    def _wire(self) -> dict[str, Any]:
        ledger = Ledger(self.store, clock.now)
        generator = Generator(self.registry, self.store, ledger, clock.now, slots=1, pacer=Pacer())
        screen = SignalScreen(load_lexicons())
        self.tables = {"answered": Table(), "boards": Table()}
        self.router = Router(
            self._context("router"), self.tables["answered"], self.registry, CampaignBook(self.store), screen
        )
        self.promoter = Promoter(self._context("promoter"), self.tables["boards"])
        scorer = Scorer(self._context("scorer"), self._pool)
        handlers: dict[str, Any] = {SIGNALS.name: self.router.handle}
        handlers |= {topic.name: self.promoter.handle for topic in BOARD_TOPICS}
        for topic, handler in {
            DRAFT_JOBS: Drafter(self._context("drafter"), generator).draft,
            DRAFTS: scorer.draft,
            REFINE_JOBS: Refiner(self._context("refiner"), generator, Preparation(self.store, ledger)).refine,
            REFINEMENTS: scorer.refinement,
            FINISH_JOBS: Finisher(self._context("finisher"), ledger).finish,
        }.items():
            handlers[topic.name] = handlers[for_lane(topic, "express").name] = handler
        return handlers
