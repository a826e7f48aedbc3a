"""Factories of the inputs of a run: signals, brands, campaigns and briefs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from schemas.brands import Artwork, BrandKit, Copy, CopyLines, Palette
from schemas.briefs import Brief
from schemas.campaigns import Answers, Budget, Campaign, Format, TierPlan
from schemas.identifiers import brief_id, content_key, digest, signal_id
from schemas.images import ImageRef, Insets, Size
from schemas.safety import Finding, Verdict
from schemas.signals import Headline, Signal

NOW: Final = datetime(2025, 9, 26, 11, 30, tzinfo=UTC)
"""The time at which every chain begins."""

SQUARE: Final = Format(name="square", size=Size(width=1080, height=1080))
PORTRAIT: Final = Format(name="portrait", size=Size(width=1080, height=1350))
STORY: Final = Format(
    name="story", size=Size(width=1080, height=1920), safe_area=Insets(top=0.14, right=0.05, bottom=0.20, left=0.05)
)
LANDSCAPE: Final = Format(name="landscape", size=Size(width=1200, height=628))


def after(seconds: float) -> datetime:
    """The instant `seconds` after `NOW`."""
    return NOW + timedelta(seconds=seconds)


def make_image(label: str = "image", *, data: bytes | None = None, **changes: Any) -> ImageRef:
    """The reference of `data`, or of bytes made from `label`."""
    content = data if data is not None else label.encode()
    media_type = changes.get("media_type", "image/jpeg")
    fields = {"media_type": media_type, "size": Size(width=512, height=640), "bytes": len(content)}
    return ImageRef(**{"key": content_key(content, media_type), **fields, **changes})


def make_signal(topic: str = "lapland", **changes: Any) -> Signal:
    fields: dict[str, Any] = {
        "source": "google-trends",
        "topic": topic,
        "market": "GB",
        "language": "en",
        "volume": 2000,
        "observed_at": NOW,
        "expires_at": after(86_400),
        "headlines": (Headline(text="Lapland sees its first snow of the season", source="Travel Weekly"),),
        **changes,
    }
    made = signal_id(fields["source"], fields["market"], fields["topic"], str(fields["observed_at"]))
    return Signal(**{"signal_id": made, **fields})


def make_verdict(decision: str = "clear", **changes: Any) -> Verdict:
    reason = {"clear": "nothing found that a brand must not touch"}.get(decision, f"{decision} by the lexicon")
    fields = {"decision": decision, "reason": reason, "languages": ("en",), "lexicon_version": "1", **changes}
    return Verdict(**fields)


def make_finding(**changes: Any) -> Finding:
    fields = {"category": "death", "words": "dies", "where": "headline 1: Singer dies at 52", "language": "en"}
    return Finding(**{**fields, **changes})


def make_brand(name: str = "Northbound", **changes: Any) -> BrandKit:
    palette = Palette(primary="#12355b", secondary="#8fb8de", accent="#f26419", paper="#f7f5f0", ink="#10182b")
    logo = Artwork(path="logo.png", image=make_image(f"{name} logo", media_type="image/png"))
    product = Artwork(path="product.png", image=make_image(f"{name} product", media_type="image/png"))
    return BrandKit(**{"name": name, "palette": palette, "logo": logo, "products": (product,), **changes})


def make_copy_lines(**changes: Any) -> CopyLines:
    fields = {
        "headline": ("{topic}, sooner than you think",),
        "line": ("Pack light.",),
        "call_to_action": ("Book now",),
    }
    return CopyLines(**{**fields, **changes})


def make_copy(**changes: Any) -> Copy:
    fields = {"headline": "Lapland, sooner than you think", "line": "Pack light.", "call_to_action": "Book now"}
    return Copy(**{"language": "en", **fields, **changes})


def make_campaign(campaign_id: str = "northbound", **changes: Any) -> Campaign:
    fields: dict[str, Any] = {
        "brand": make_brand(),
        "answers": Answers(topics=("lapland", "snow*"), markets=("GB", "US"), languages=("en",)),
        "copy_lines": {"en": make_copy_lines()},
        "formats": (SQUARE, PORTRAIT, STORY, LANDSCAPE),
        "plan": TierPlan(drafts=6, promote=1, draft_format="portrait"),
        "budget": Budget(per_brief_usd=2.0, per_day_usd=20.0),
    }
    return Campaign(campaign_id=campaign_id, **{**fields, **changes})


def make_brief(signal: Signal | None = None, **changes: Any) -> Brief:
    seen = signal or make_signal()
    campaign = changes.get("campaign_id", "northbound")
    fields: dict[str, Any] = {
        "brief_id": brief_id(campaign, seen.signal_id),
        "campaign_id": campaign,
        "campaign_version": digest((campaign, 1)),
        "signal": seen,
        "verdict": make_verdict(),
        "lane": "standard",
        "language": seen.language or "en",
        "brand": make_brand(),
        "copy_lines": make_copy_lines(),
        "formats": (SQUARE, PORTRAIT, STORY, LANDSCAPE),
        "draft_format": PORTRAIT,
        "plan": TierPlan(drafts=6, promote=1, draft_format="portrait"),
        "budget": Budget(per_brief_usd=2.0, per_day_usd=20.0),
        "draft_usd": 0.0005,
        "refine_usd": 0.004,
        "refine_operations": ("text-to-image", "image-to-image", "upscale", "relight"),
        "planned_usd": 0.019,
        "review": "none",
        "created_at": after(1),
        "deadline_at": after(121),
    }
    return Brief(**{**fields, **changes})
