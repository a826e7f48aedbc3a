"""A brand's own fonts: TrueType and OpenType files are accepted, anything else is refused with a reason."""

from __future__ import annotations

import struct
from importlib.resources import files
from pathlib import Path

import pytest

from infra.campaigns.brand_files import inspect_font
from infra.campaigns.reading import load_campaigns, upload_artwork
from infra.storage.memory_store import MemoryStore
from schemas.errors import InvalidCampaign

ANTON = (Path(str(files("fontpkg_anton"))) / "files" / "Anton-Regular.ttf").read_bytes()


def hostile_cmap(font: bytes) -> bytes:
    """`font` with a character map that claims a hundred times the characters there are."""
    (count,) = struct.unpack_from(">H", font, 4)
    record = next(at for at in range(12, 12 + 16 * count, 16) if font[at : at + 4] == b"cmap")
    groups = b"".join(struct.pack(">III", 0, 0x10FFFF, 1) for _ in range(100))
    table = struct.pack(">HHHHI", 0, 1, 3, 10, 12) + struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, 100) + groups
    head = font[: record + 8] + struct.pack(">II", len(font), len(table)) + font[record + 16 :]
    return head + table


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"wOF2" + ANTON[4:], "web font"),
        (b"wOFF" + ANTON[4:], "web font"),
        (b"ttcf" + ANTON[4:], "collection"),
        (b"%PDF-1.7", "not a TrueType or OpenType"),
        (ANTON[:5000], "damaged"),
        (ANTON[:4] + b"\xff" * 400, "damaged"),
        (hostile_cmap(ANTON), "damaged"),
        (b"\0\1\0\0" + b"\0" * (11 << 20), "10 MB"),
    ],
)
def test_an_unusable_font_is_refused_with_its_reason(tmp_path, data, reason):
    (tmp_path / "font.ttf").write_bytes(data)
    with pytest.raises(ValueError, match=reason):
        inspect_font("font.ttf", tmp_path)


@pytest.mark.parametrize(("name", "reason"), [("../font.ttf", "outside"), ("none.ttf", "does not exist")])
def test_fonts_lie_beside_the_campaign(tmp_path, name, reason):
    with pytest.raises(ValueError, match=reason):
        inspect_font(name, tmp_path)


OWN = "    headline: Acme\n    files:\n      Acme: [acme.ttf]\n"


async def test_a_campaign_can_have_its_own_font_family(directory):
    text = (
        (directory / "test.yaml").read_text().replace("  logo: logo.png", f"  logo: logo.png\n  fonts:\n{OWN}".rstrip())
    )
    (directory / "test.yaml").write_text(text)
    (directory / "acme.ttf").write_bytes(ANTON)
    loaded = load_campaigns(directory)
    assert not loaded.problems
    store = MemoryStore()
    uploaded = await upload_artwork(loaded.loaded[0].campaign, directory, store)
    (file,) = uploaded.brand.fonts.files["Acme"]
    assert await store.get(file.key) == ANTON
    (directory / "acme.ttf").unlink()
    with pytest.raises(InvalidCampaign, match="does not exist"):
        await upload_artwork(loaded.loaded[0].campaign, directory, store)


@pytest.mark.parametrize(
    ("fonts", "line", "reason"),
    [
        ("    headline: Comic Sans\n", 11, r"'Comic Sans' is not known; write one of: Anton"),
        ("    files:\n      Acme: logo.png\n", 12, r"logo\.png: is not a TrueType"),
        ("    body: Acme\n    files: {Acme: [a.ttf, b.ttf, c.ttf]}\n", 12, "at most 2"),
    ],
)
def test_a_wrong_font_is_reported_with_its_line(directory, fonts, line, reason):
    path = directory / "test.yaml"
    path.write_text(path.read_text().replace("  logo: logo.png\n", f"  logo: logo.png\n  fonts:\n{fonts}"))
    (problem,) = load_campaigns(directory).problems
    assert problem.line == line
    with pytest.raises(InvalidCampaign, match=reason):
        raise problem
