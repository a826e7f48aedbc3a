"""Loads campaigns, one YAML file each. An error names its line and says what to write instead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from infra.campaigns.book import campaign_version
from infra.campaigns.brand_files import (
    artworks,
    font_files,
    inspect_artwork,
    inspect_font,
    store_artwork,
    store_font,
    unknown_families,
)
from infra.campaigns.errors import explain
from infra.campaigns.yaml import Document, read_document
from infra.storage.store import ObjectStore
from schemas.campaigns import Campaign
from schemas.errors import InvalidCampaign
from schemas.scenes import unknown_choices

_PATTERN: Final = ("*.yaml", "*.yml")


@dataclass(frozen=True, slots=True)
class LoadedCampaign:
    """A valid campaign and its file."""

    campaign: Campaign
    path: Path

    @property
    def version(self) -> str:
        """The campaign's version, as in its briefs."""
        return campaign_version(self.campaign)


@dataclass(frozen=True, slots=True)
class Campaigns:
    """The campaigns of a directory, and the problems of those that could not be loaded."""

    loaded: tuple[LoadedCampaign, ...]
    problems: tuple[InvalidCampaign, ...]


def load_campaigns(directory: Path) -> Campaigns:
    """Every campaign in `directory` (not below it). A broken file becomes a problem; the other files still load."""
    if not directory.is_dir():
        return Campaigns(
            (), (InvalidCampaign(str(directory), None, "is not a directory; name the one with the campaigns"),)
        )
    paths = sorted(path for pattern in _PATTERN for path in directory.glob(pattern))
    if not paths:
        missing = InvalidCampaign(str(directory), None, "holds no *.yaml; write a campaign or name another directory")
        return Campaigns((), (missing,))
    loaded: dict[str, LoadedCampaign] = {}
    problems: list[InvalidCampaign] = []
    for path in paths:
        campaign, found = load_campaign(path)
        problems.extend(found)
        if campaign is None:
            continue
        first = loaded.setdefault(campaign.campaign_id, LoadedCampaign(campaign, path))
        if first.path != path:
            problems.append(_duplicate(path, campaign.campaign_id, first.path))
    return Campaigns(tuple(loaded.values()), tuple(problems))


def load_campaign(path: Path) -> tuple[Campaign | None, tuple[InvalidCampaign, ...]]:
    """The campaign in the file `path`, or None and all its problems."""
    try:
        document = read_document(path)
    except InvalidCampaign as error:
        return None, (error,)
    try:
        campaign = Campaign.model_validate(document.plain)
    except ValidationError as error:
        return None, tuple(
            InvalidCampaign(str(path), document.line(detail["loc"]), explain(detail)) for detail in _distinct(error)
        )
    problems = (*_artwork_problems(campaign, path, document), *_font_problems(campaign, path, document))
    problems = (*problems, *_choice_problems(campaign, path, document))
    return (None if problems else campaign), problems


async def upload_artwork(campaign: Campaign, directory: Path, store: ObjectStore) -> Campaign:
    """`campaign` with logo, products and fonts in `store`, by content key. `directory` is that of its file.

    Raises `StoreError`, and `InvalidCampaign` where a file was removed or damaged after the campaign was loaded.
    """
    brand = campaign.brand
    logo = await store_artwork(brand.logo, directory, store)
    products = [await store_artwork(product, directory, store) for product in brand.products]
    files = {
        family: tuple([await store_font(file, directory, store) for file in files])
        for family, files in brand.fonts.files.items()
    }
    fonts = brand.fonts.model_copy(update={"files": files})
    update = {"logo": logo, "products": tuple(products), "fonts": fonts}
    return campaign.model_copy(update={"brand": brand.model_copy(update=update)})


def _distinct(error: ValidationError) -> Iterator[Any]:
    """The error's details, without those that are a consequence of another one."""
    details = error.errors()
    for detail in details:
        misspelt = detail["type"] == "missing" and _suggested(detail, details)
        emptied = detail["type"] == "too_short" and any(
            len(other["loc"]) > len(detail["loc"]) and other["loc"][: len(detail["loc"])] == detail["loc"]
            for other in details
        )  # pydantic counts a list whose elements are all wrong as too short
        if not misspelt and not emptied:
            yield detail


def _suggested(missing: Any, details: list[Any]) -> bool:
    """Whether an unknown key's advice already names the missing one."""
    name = str(missing["loc"][-1])
    return any(
        detail["type"] == "extra_forbidden"
        and detail["loc"][:-1] == missing["loc"][:-1]
        and f"did you mean `{name}`" in explain(detail)
        for detail in details
    )


def _artwork_problems(campaign: Campaign, path: Path, document: Document) -> Iterator[InvalidCampaign]:
    for location, artwork in artworks(campaign):
        try:
            inspect_artwork(artwork.path, path.parent)
        except ValueError as error:
            yield InvalidCampaign(str(path), document.line(location), f"{artwork.path}: {error}")


def _font_problems(campaign: Campaign, path: Path, document: Document) -> Iterator[InvalidCampaign]:
    for role, reason in unknown_families(campaign.brand.fonts):
        yield InvalidCampaign(str(path), document.line(("brand", "fonts", role)), reason)
    for location, file in font_files(campaign):
        try:
            inspect_font(file.path, path.parent)
        except ValueError as error:
            yield InvalidCampaign(str(path), document.line(location), f"{file.path}: {error}")


def _choice_problems(campaign: Campaign, path: Path, document: Document) -> Iterator[InvalidCampaign]:
    for axis, reason in unknown_choices(campaign.brand.never):
        yield InvalidCampaign(str(path), document.line(("brand", "never", axis)), reason)


def _duplicate(path: Path, campaign_id: str, first: Path) -> InvalidCampaign:
    try:
        line = read_document(path).line(("campaign_id",))
    except InvalidCampaign:
        line = None
    return InvalidCampaign(str(path), line, f"campaign_id {campaign_id!r} is in {first.name} too; write another id")
