"""The brief that a campaign would give for a topic, as the router would write it, for trying copy and brand kits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from infra.providers.composer_models import cards
from routing.planning.plan import plan_brief
from schemas.briefs import Brief
from schemas.campaigns import Campaign
from schemas.identifiers import signal_id
from schemas.safety import Verdict
from schemas.signals import Signal

_SOURCE: Final = "compose"


def sample_brief(campaign: Campaign, topic: str, language: str, now: datetime) -> Brief:
    """The brief of `campaign` (its images uploaded) for `topic` with its copy in `language`, at the time `now`."""
    market = campaign.answers.markets[0]
    signal = Signal(
        signal_id=signal_id(_SOURCE, market, topic, ""),
        source=_SOURCE,
        topic=topic,
        market=market,
        observed_at=now,
        expires_at=now + timedelta(days=1),
    )
    draft, refine = cards(usd_per_cpu_hour=0.0)
    verdict = Verdict(decision="clear", reason="a trial: nobody publishes it", lexicon_version="none")
    return plan_brief(
        signal,
        campaign,
        campaign_version="trial",
        copy_language=language,
        verdict=verdict,
        draft_model=draft,
        refine_model=refine,
        now=now,
    )
