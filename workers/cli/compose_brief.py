"""The brief that `brushfire compose` draws: from a JSON file, or the one that a campaign would give for a topic."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from infra import clock
from infra.campaigns.brand_files import store_artwork
from infra.campaigns.reading import load_campaign, upload_artwork
from infra.providers.composer_models import cards
from infra.storage.store import ObjectStore
from routing.planning.matching import copy_language
from routing.planning.plan import plan_brief
from schemas.briefs import Brief
from schemas.campaigns import Campaign
from schemas.errors import BrushfireError
from schemas.identifiers import signal_id
from schemas.safety import Verdict
from schemas.signals import Signal

_SOURCE: Final = "compose"


async def brief_to_draw(path: Path, topic: str, language: str | None, store: ObjectStore) -> Brief:
    """The brief in the JSON file `path`, or the one that the campaign in `path` would give for `topic`.

    Its images are in `store` then. Raises `BrushfireError` for the author of the file.
    """
    if path.suffix == ".json":
        return await read_brief(path, store)
    loaded, problems = load_campaign(path)
    if loaded is None:
        raise BrushfireError("\n".join(str(problem) for problem in problems))
    ready = await upload_artwork(loaded, path.parent, store)
    return sample_brief(ready, topic, _language(ready, language), clock.now())


async def read_brief(path: Path, store: ObjectStore) -> Brief:
    """The brief in the JSON file `path`, with its images in `store`. Paths of images are relative to that file."""
    brief = await asyncio.to_thread(_parsed, path)
    logo = await store_artwork(brief.brand.logo, path.parent, store)
    products = tuple([await store_artwork(product, path.parent, store) for product in brief.brand.products])
    brand = brief.brand.model_copy(update={"logo": logo, "products": products})
    return brief.model_copy(update={"brand": brand})


def _parsed(path: Path) -> Brief:
    try:
        return Brief.model_validate_json(path.read_bytes())
    except OSError as error:
        raise BrushfireError(f"{path} cannot be read: {error.strerror or error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise BrushfireError(f"{path} is not a brief: {place}: {first['msg']}{more}") from error


def sample_brief(campaign: Campaign, topic: str, language: str, now: datetime) -> Brief:
    """The brief that the router would plan for `campaign` (its images uploaded) and `topic`, at the time `now`."""
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
    verdict = Verdict(decision="clear", reason="a trial that is not published", lexicon_version="none")
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


def _language(campaign: Campaign, wanted: str | None) -> str:
    offered = tuple(campaign.copy_lines)
    found = offered[0] if wanted is None else copy_language(offered, wanted)
    if found is None:
        raise BrushfireError(f"the campaign has no copy_lines in {wanted}; it has {', '.join(offered)}")
    return found
