"""Small campaigns and feeds as files, for runs of the whole line that take seconds."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageDraw

SMALL_FORMATS: Final = (
    {"name": "square", "size": {"width": 400, "height": 400}},
    {"name": "portrait", "size": {"width": 400, "height": 500}},
)


def write_campaign(folder: Path, campaign_id: str = "northbound", **changes: Any) -> Path:
    """A campaign of three drafts and one asset in two small formats, with a drawn brand kit; returns its file.

    JSON is YAML too, and what a program writes best.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _draw_brand(folder)
    fields: dict[str, Any] = {
        "campaign_id": campaign_id,
        "brand": {
            "name": "Northbound",
            "palette": {"primary": "#12355b", "secondary": "#8fb8de", "accent": "#f26419", "ink": "#10182b"},
            "logo": "logo.png",
            "products": ["parcel.png"],
        },
        "answers": {"topics": ["lapland", "sauna"], "markets": ["GB"], "languages": ["en"]},
        "copy_lines": {
            "en": {"headline": "{topic} is calling", "line": "Trains all winter.", "call_to_action": "Book now"}
        },
        "formats": list(SMALL_FORMATS),
        "plan": {"drafts": 3, "promote": 1, "draft_long_side": 320},
        "deadline_seconds": 600,
        "budget": {"per_brief_usd": 1.0, "per_day_usd": 50.0},
    }
    path = folder / f"{campaign_id}.yaml"
    path.write_text(json.dumps({**fields, **changes}, indent=2))
    return path


def signal_line(topic: str = "lapland", **changes: Any) -> dict[str, Any]:
    """A harmless trend of this moment, explained by a headline, as a line of a feed."""
    now = datetime.now(UTC)
    fields = {
        "topic": topic,
        "market": "GB",
        "language": "en",
        "volume": 2000,
        "observed_at": now.isoformat(),
        "expires_at": (now + timedelta(hours=4)).isoformat(),
        "headlines": [f"What to pack for a winter week: {topic} explained by people who go there every year"],
    }
    return {**fields, **changes}


def write_feed(path: Path, *lines: dict[str, Any] | str) -> Path:
    """A feed of JSON Lines; a text is written as it is. Lines that are not objects come after the first one that is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    return path


def _draw_brand(folder: Path) -> None:
    logo = Image.new("RGBA", (320, 100), (0, 0, 0, 0))
    drawing = ImageDraw.Draw(logo)
    drawing.ellipse((0, 0, 99, 99), fill=(18, 53, 91, 255))
    drawing.rounded_rectangle((130, 25, 310, 75), 14, fill=(242, 100, 25, 255))
    logo.save(folder / "logo.png")
    parcel = Image.new("RGBA", (300, 400), (0, 0, 0, 0))
    ImageDraw.Draw(parcel).rounded_rectangle((20, 20, 280, 380), 30, fill=(231, 111, 81, 255))
    parcel.save(folder / "parcel.png")
