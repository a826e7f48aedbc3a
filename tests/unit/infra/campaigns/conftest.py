from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

TEXT = """\
# A campaign for tests.
campaign_id: test
brand:
  name: Test
  palette:
    primary: "#101010"
    secondary: "#202020"
    accent: "#303030"
  logo: logo.png
  products: [product.png]
answers:
  topics: [golf, ryder cup]
  markets: [US, GB]
  languages: [en]
  minimum_volume: 100
copy_lines:
  en:
    headline: [Big day for golf]
    line: Be ready
    call_to_action: Go
formats:
  - name: square
    size: {width: 1080, height: 1080}
plan:
  drafts: 4
  promote: 1
budget:
  per_brief_usd: 1.0
  per_day_usd: 5.0
lane: express
"""
"""A good campaign; tests break one line of it."""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    Image.new("RGBA", (64, 32), (255, 0, 0, 128)).save(tmp_path / "logo.png")
    Image.new("RGB", (40, 50), (0, 255, 0)).save(tmp_path / "product.png", format="JPEG")
    (tmp_path / "test.yaml").write_text(TEXT)
    return tmp_path


@pytest.fixture
def broken(directory: Path):
    """Write the campaign with `old` replaced by `new`, and return its path."""

    def write(old: str, new: str) -> Path:
        assert old in TEXT
        path = directory / "test.yaml"
        path.write_text(TEXT.replace(old, new, 1))
        return path

    return write
