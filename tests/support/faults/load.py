"""Work for a fault run: campaigns, and signals that make as many draft jobs as are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from infra import clock
from infra.campaigns.book import publish
from infra.campaigns.reading import load_campaigns, upload_artwork
from infra.kafka.bus import Bus
from schemas.identifiers import signal_id, topic_key
from schemas.signals import Headline, Signal
from schemas.topics import SIGNALS
from tests.support.faults.ground import Ground
from tests.support.samples import write_campaign

DRAFT_MODELS = {"lapland": "flux-1-schnell", "sauna": "small-single-call"}
"""The model of each campaign's drafts: one in two phases, one in a single call."""
LISTED = ({"name": "small-single-call", "path": "gpt-image-1-mini", "tier": "fast", "price_usd": 0.005, "seconds": 2},)
"""OpenAI's own models draw a megapixel at the least, which would put the scorer and not the line on trial."""
REFINE_MODEL = "flux-2-pro-edit"
FORM = {"name": "square", "size": {"width": 320, "height": 320}}
LONG_SIDE = 256
DRAFTS_A_BRIEF = 40
DEADLINE_SECONDS = 3600
"""Nothing may expire: then every brief has to be delivered."""
PLENTY = {"per_brief_usd": 100.0, "per_day_usd": 100_000.0}


@dataclass(frozen=True, slots=True)
class Load:
    """Signals, each answered by one campaign with one brief of `drafts` drafts."""

    signals: tuple[Signal, ...]
    drafts: int = DRAFTS_A_BRIEF

    @property
    def jobs(self) -> int:
        """Draft jobs in all."""
        return len(self.signals) * self.drafts

    @property
    def ids(self) -> list[str]:
        """The ids of the signals."""
        return [signal.signal_id for signal in self.signals]


async def put_in_force(
    ground: Ground, drafts: int = DRAFTS_A_BRIEF, *, deadline_seconds: int = DEADLINE_SECONDS
) -> None:
    """Publish a campaign for each of `DRAFT_MODELS`."""
    folder = ground.folder / "campaigns"
    for word, model in DRAFT_MODELS.items():
        plan = {"drafts": drafts, "promote": 1, "draft_long_side": LONG_SIDE}
        models = {"draft_model": model, "refine_model": REFINE_MODEL}
        write_campaign(
            folder, f"campaign-{word}", answers={"topics": [word], "markets": ["GB"], "languages": ["en"]},
            formats=[FORM], plan=plan | models, deadline_seconds=deadline_seconds, budget=PLENTY,
        )  # fmt: skip
    found = load_campaigns(folder)
    assert not found.problems, found.problems
    await publish(ground.store, [await upload_artwork(c.campaign, folder, ground.store) for c in found.loaded])


def make_load(signals: int, drafts: int = DRAFTS_A_BRIEF, *, name: str = "winter") -> Load:
    """`signals` trends that no brief has answered yet; `name` keeps those of two loads apart."""
    words = list(DRAFT_MODELS)
    return Load(tuple(_signal(f"{words[number % len(words)]} {name} {number}") for number in range(signals)), drafts)


async def send(ground: Ground, load: Load) -> None:
    """Send the signals, as `brushfire feed` does."""
    async with Bus(ground.settings.kafka) as bus:
        await bus.send_all((SIGNALS, topic_key(signal.topic, signal.market), signal) for signal in load.signals)


def _signal(topic: str) -> Signal:
    now = clock.now()
    told = f"What to pack for a winter week: {topic} explained by people who go there every year"
    return Signal(
        signal_id=signal_id("fault-bench", "GB", topic, now.isoformat()),
        source="fault-bench",
        topic=topic,
        market="GB",
        language="en",
        volume=2000,
        observed_at=now,
        expires_at=now + timedelta(hours=4),
        headlines=(Headline(text=told, language="en"),),
    )
