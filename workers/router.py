"""Router: signals -> briefs, draft jobs, outcomes. Judges each signal, matches it to campaigns, fans out the drafts.

The outcome of a signal is written by a conditional create in the object store. A signal that is redelivered gets the
same outcome and the same briefs, which are sent again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from pydantic import BaseModel

from infra import clock
from infra.campaigns.book import CampaignBook
from infra.judge.language_model import LanguageModelJudge, open_judge
from infra.lexicons import load_lexicons
from infra.lexicons.language import signal_languages
from infra.providers.catalogue import open_catalogue
from infra.providers.registry import Catalogue
from infra.storage import records
from infra.storage.calibrations import CalibrationBook
from routing.planning.matching import Match, matches, signal_language
from routing.planning.plan import first_draft_jobs, plan_brief
from routing.safety.screening import SignalScreen
from schemas import identifiers
from schemas.briefs import Brief
from schemas.campaigns import Campaign
from schemas.errors import InvalidRequest
from schemas.generations import ModelCard
from schemas.outcomes import SignalOutcome, SignalOutcomeName
from schemas.safety import Verdict
from schemas.signals import Signal
from schemas.topics import BRIEFS, DRAFT_JOBS, SIGNAL_OUTCOMES, SIGNALS, for_lane
from workers.accounts.treasury import Treasury
from workers.runtime.worker import Context

SAME_TREND: Final = timedelta(hours=6)
"""A trend that was answered in a market within this time is not answered again: trends last for hours."""


@cache
def signal_screen() -> SignalScreen:
    """The screen of all lexicons; it takes a quarter of a second to make."""
    return SignalScreen(load_lexicons())


async def set_up(context: Context) -> None:
    """Subscribe to signals, one at a time for each partition, so that repeats of a trend are seen."""
    table = context.app.Table(
        "answered", key_type=bytes, value_type=bytes, partitions=context.settings.kafka.partitions
    )
    reader = open_judge(context.settings.judge)
    if reader is not None:
        context.closing.push_async_callback(reader.close)
    catalogue = open_catalogue(context.settings)
    router = Router(context, table, catalogue, CampaignBook(context.store), signal_screen(), reader)
    context.subscribe({SIGNALS: router.handle}, concurrency=1)


class Answered(BaseModel):
    """The signal that a trend was last answered by."""

    signal_id: str
    at: datetime


class Decision(BaseModel):
    """The outcome of a signal before it is durable, and its briefs."""

    name: SignalOutcomeName
    reason: str
    verdict: Verdict | None = None
    briefs: tuple[Brief, ...] = ()


class Router:
    """Decides on signals. `reader` is the language model that held ones are shown to, if there is one."""

    def __init__(
        self,
        context: Context,
        table: Any,
        catalogue: Catalogue,
        book: CampaignBook,
        screen: SignalScreen,
        reader: LanguageModelJudge | None = None,
    ) -> None:
        self._context = context
        self._table = table
        self._catalogue = catalogue
        self._book = book
        self._calibrations = CalibrationBook(context.store)
        self._screen = screen
        self._reader = reader
        self._treasury = Treasury(context.store)

    async def handle(self, signal: Signal) -> None:
        """Give `signal` its outcome and send what follows from it."""
        store = self._context.store
        outcome = await records.read(store, records.signal_outcome_key(signal.signal_id), SignalOutcome)
        if outcome is None:
            outcome = await self._decide_permanently(signal)
        if outcome.name == "held" and signal.cleared_by:
            outcome = await self._release(signal)
        briefs = [brief for id_ in outcome.briefs if (brief := await self._brief(id_))]
        for brief in briefs:
            await self._fan_out(brief)
        await self._report(signal, outcome)
        if outcome.name == "briefed":
            self._remember(signal, outcome.decided_at)

    async def _decide_permanently(self, signal: Signal) -> SignalOutcome:
        return await records.outcome_of_signal(self._context.store, await self._outcome(signal, clock.now()))

    async def _outcome(self, signal: Signal, now: datetime) -> SignalOutcome:
        """The outcome of `signal`; its briefs are written."""
        decision = await self._decide(signal, now)
        briefs = [await records.the_brief(self._context.store, brief) for brief in decision.briefs]
        return SignalOutcome(
            signal_id=signal.signal_id,
            name=decision.name,
            reason=decision.reason,
            topic=signal.topic,
            market=signal.market,
            briefs=tuple(brief.brief_id for brief in briefs),
            verdict=decision.verdict,
            decided_at=now,
        )

    async def _release(self, signal: Signal) -> SignalOutcome:
        """The outcome of a held signal that a person has released: decided once, like the first."""
        key = records.released_outcome_key(signal.signal_id)
        outcome = await records.read(self._context.store, key, SignalOutcome)
        if outcome is None:
            made = await self._outcome(signal, clock.now())
            outcome = await records.write_once(self._context.store, key, made)
        return outcome

    async def _decide(self, signal: Signal, now: datetime) -> Decision:
        if signal.expires_at <= now:
            return Decision(name="expired", reason=f"it expired at {signal.expires_at:%Y-%m-%d %H:%M %Z}")
        earlier = self._earlier(signal)
        if earlier is not None and now - earlier.at < SAME_TREND:
            return Decision(name="duplicate", reason=f"the trend was answered as {earlier.signal_id}")
        languages = signal_languages(signal)
        verdict = self._screen.verdict(signal, languages)
        if self._reader is not None and not signal.cleared_by:
            verdict = await self._reader.review(signal, verdict)
        if verdict.decision == "blocked" or (verdict.decision == "held" and not signal.cleared_by):
            return Decision(name=verdict.decision, reason=verdict.reason, verdict=verdict)
        return await self._match(signal, signal_language(languages), verdict, now)

    async def _match(self, signal: Signal, language: str | None, verdict: Verdict, now: datetime) -> Decision:
        briefs: list[Brief] = []
        words: list[str] = []
        unpaid: list[str] = []
        misses: defaultdict[str, list[str]] = defaultdict(list)
        campaigns = await self._book.campaigns()
        for campaign, version in campaigns:
            found = matches(campaign, signal, language)
            if not isinstance(found, Match):
                misses[found.reason].append(campaign.campaign_id)
                continue
            brief = await self._planned(signal, campaign, version, found, verdict, now)
            if isinstance(brief, str):
                misses[brief].append(campaign.campaign_id)
            elif (no_money := await self._treasury.reserve(brief)) is not None:
                unpaid.append(f"{campaign.campaign_id}: {no_money}")
            else:
                briefs.append(brief)
                words.append(f"{campaign.campaign_id}: {found.reason}")
        if briefs:
            return Decision(name="briefed", reason="; ".join((*words, *unpaid)), verdict=verdict, briefs=tuple(briefs))
        said = (*unpaid, *(f"{', '.join(names)}: {miss}" for miss, names in misses.items()))
        reason = "; ".join(said) or "there are no campaigns: publish some with `brushfire campaigns push DIR`"
        return Decision(name="ignored", reason=reason, verdict=verdict)

    async def _planned(
        self, signal: Signal, campaign: Campaign, version: str, found: Match, verdict: Verdict, now: datetime
    ) -> Brief | str:
        """The brief that an earlier delivery wrote, with the money of its own day; else a new one, or why not."""
        kept = await self._brief(identifiers.brief_id(campaign.campaign_id, signal.signal_id))
        return kept or await self._plan(signal, campaign, version, found, verdict, now)

    async def _plan(
        self, signal: Signal, campaign: Campaign, version: str, found: Match, verdict: Verdict, now: datetime
    ) -> Brief | str:
        """A new brief, or why there can be none."""
        try:
            draft_model = self._catalogue.card(campaign.plan.draft_model)
            refine_model = self._catalogue.card(campaign.plan.refine_model)
        except InvalidRequest as error:
            return str(error)
        plan = campaign.plan
        others = self._cards((plan.type_model, *plan.draft_fallbacks, *plan.refine_fallbacks))
        used = dict.fromkeys((plan.draft_model, plan.refine_model, *others))
        calibrations = await self._calibrations.of(used, self._catalogue.card)
        canaries = self._cards(one.canary.model for one in calibrations if one.canary is not None)
        return plan_brief(
            signal,
            campaign,
            campaign_version=version,
            copy_language=found.copy_language,
            verdict=verdict,
            draft_model=draft_model,
            refine_model=refine_model,
            type_model=others.get(plan.type_model),
            other_cards=others | canaries,
            now=now,
            calibrations=calibrations,
        )

    def _cards(self, models: Iterable[str]) -> dict[str, ModelCard]:
        """The cards of those of `models` that are listed: a brief can do without its type model and its fallbacks."""
        found: dict[str, ModelCard] = {}
        for model in models:
            with suppress(InvalidRequest):
                found[model] = self._catalogue.card(model)
        return found

    async def _brief(self, brief_id: str) -> Brief | None:
        return await records.read(self._context.store, records.brief_key(brief_id), Brief)

    async def _fan_out(self, brief: Brief) -> None:
        """Send the brief to its board and its draft jobs to the drafters."""
        bus = self._context.bus
        await bus.send(BRIEFS, brief.brief_id, brief)
        jobs = first_draft_jobs(brief)
        topic = for_lane(DRAFT_JOBS, brief.lane)
        await bus.send_all((topic, job.job_id, job) for job in jobs)
        await self._context.note(
            "brief-created",
            brief.brief_id,
            brief=brief.brief_id,
            parents=(brief.signal.signal_id,),
            campaign=brief.campaign_id,
            campaign_version=brief.campaign_version,
            drafts=brief.plan.drafts if jobs else 0,
            planned_usd=brief.planned_usd,
        )

    async def _report(self, signal: Signal, outcome: SignalOutcome) -> None:
        await self._context.bus.send(SIGNAL_OUTCOMES, outcome.signal_id, outcome)
        await self._context.note(
            "signal-judged", signal.signal_id, brief=None, outcome=outcome.name, reason=outcome.reason
        )

    def _earlier(self, signal: Signal) -> Answered | None:
        """The answer to the same trend in the same market by another signal, if there was one."""
        data = self._table.get(identifiers.topic_key(signal.topic, signal.market).encode())
        answered = Answered.model_validate_json(data) if data is not None else None
        return answered if answered and answered.signal_id != signal.signal_id else None

    def _remember(self, signal: Signal, at: datetime) -> None:
        answered = Answered(signal_id=signal.signal_id, at=at)
        self._table[identifiers.topic_key(signal.topic, signal.market).encode()] = answered.model_dump_json().encode()
