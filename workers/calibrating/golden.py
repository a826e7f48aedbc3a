"""Reads golden sets: the newest delivered briefs of the running stack, or a folder of briefs in YAML."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field, StringConstraints, ValidationError

from infra.campaigns.book import campaign_version
from infra.campaigns.reading import load_campaign, upload_artwork
from infra.campaigns.yaml import read_document
from infra.storage import records
from infra.storage.store import ObjectStore
from routing.planning.plan import plan_brief
from schemas import identifiers
from schemas.assets import Manifest
from schemas.base import Language, Market, Model
from schemas.briefs import Brief
from schemas.campaigns import Campaign
from schemas.errors import InvalidCampaign
from schemas.generations import ModelCard
from schemas.golden import GoldenItem, GoldenSet
from schemas.safety import Verdict
from schemas.signals import Signal

DRAFTS: Final = 8
"""Drafts of a golden brief by default. A dozen briefs then give about a hundred images, enough to show a medium effect
in nineteen of twenty runs."""
BRIEFS: Final = 12
"""How many delivered briefs of a campaign its golden set holds: the newest ones."""
MANIFESTS: Final = "manifests/"
_EPOCH: Final = datetime(2025, 1, 1, tzinfo=UTC)
"""The time of every golden brief: a fixed one, so that its ids are the same in every run."""


class GoldenBrief(Model):
    """A file of a golden folder. `campaign` is the path of a campaign's file, relative to this file."""

    campaign: Annotated[str, StringConstraints(min_length=1)]
    topic: Annotated[str, StringConstraints(min_length=1)]
    market: Market = "GB"
    language: Language = "en"
    drafts: Annotated[int, Field(ge=1, le=200)] = DRAFTS


async def golden_from_folder(directory: Path, store: ObjectStore, card: ModelCard) -> GoldenSet:
    """The golden set of the YAML files in `directory`; images of brands go into `store`.

    Raises:
        InvalidCampaign: A file is not a golden brief or names no valid campaign, or the folder holds no file.
    """
    paths = await asyncio.to_thread(lambda: sorted(directory.glob("*.yaml")))
    if not paths:
        raise InvalidCampaign(str(directory), None, "holds no *.yaml; write a golden brief (docs/calibration.md)")
    return GoldenSet(items=tuple([await _item(path, store, card) for path in paths]))


async def golden_from_store(
    store: ObjectStore, campaign_id: str | None = None, drafts: int = DRAFTS
) -> GoldenSet | None:
    """The newest delivered briefs of a campaign, or of each; None where nothing was delivered yet."""
    by_campaign: dict[str, list[Manifest]] = {}
    async for key in store.keys(MANIFESTS):
        manifest = await records.read(store, key, Manifest)
        if manifest is not None and campaign_id in {None, manifest.asset.campaign_id}:
            by_campaign.setdefault(manifest.asset.campaign_id, []).append(manifest)
    items = [item for manifests in by_campaign.values() for item in _newest(manifests, drafts)]
    return GoldenSet(items=tuple(items)) if items else None


def golden_item(
    campaign: Campaign, topic: str, card: ModelCard, *, market: str = "GB", language: str = "en", drafts: int = DRAFTS
) -> GoldenItem:
    """The golden brief of `campaign` for `topic`. Its artwork is in the store already; `card` may be of any model."""
    signal = Signal(
        signal_id=identifiers.signal_id("golden", market, topic, str(_EPOCH)),
        source="golden",
        topic=topic,
        market=market,
        language=language,
        observed_at=_EPOCH,
        expires_at=_EPOCH + timedelta(days=1),
    )
    return GoldenItem(brief=_brief(campaign, signal, language, card), drafts=drafts)


def _newest(manifests: list[Manifest], drafts: int) -> list[GoldenItem]:
    """One item for each of the newest briefs, with the asset that was published last."""
    ordered = sorted(manifests, key=lambda manifest: (manifest.asset.published_at, manifest.asset.asset_id))
    by_brief = {manifest.brief.brief_id: manifest for manifest in ordered}
    newest = list(by_brief.values())[-BRIEFS:]
    return [GoldenItem(brief=manifest.brief, drafts=drafts, manifest=manifest) for manifest in newest]


async def _item(path: Path, store: ObjectStore, card: ModelCard) -> GoldenItem:
    document = read_document(path)
    try:
        written = GoldenBrief.model_validate(document.plain)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidCampaign(str(path), document.line(first["loc"]), f"{place}: {first['msg']}") from error
    file = path.parent / written.campaign
    campaign, problems = load_campaign(file)
    if campaign is None:
        raise problems[0]
    if written.language not in campaign.copy_lines:
        spoken = ", ".join(campaign.copy_lines)
        raise InvalidCampaign(str(path), document.line(("language",)), f"{written.campaign} has copy in {spoken}")
    ready = await upload_artwork(campaign, file.parent, store)
    return golden_item(
        ready, written.topic, card, market=written.market, language=written.language, drafts=written.drafts
    )


def _brief(campaign: Campaign, signal: Signal, language: str, card: ModelCard) -> Brief:
    """The brief as the router would plan it, except for the money: a golden run has its own limit."""
    return plan_brief(
        signal,
        campaign,
        campaign_version=campaign_version(campaign),
        copy_language=language,
        verdict=Verdict(decision="clear", reason="chosen by a person", lexicon_version="golden"),
        draft_model=card,
        refine_model=card,
        now=_EPOCH,
    )
