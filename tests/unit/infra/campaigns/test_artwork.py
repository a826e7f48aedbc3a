from __future__ import annotations

import struct
import zlib

import pytest
from PIL import Image

from infra.campaigns.book import campaign_version
from infra.campaigns.brand_files import inspect_artwork
from infra.campaigns.reading import load_campaigns, upload_artwork
from schemas.errors import InvalidCampaign
from schemas.identifiers import content_key


class MemoryStore:
    """Objects in a dictionary."""

    def __init__(self):
        self.objects: dict[str, tuple[bytes, str]] = {}

    async def create(self, key, data, media_type="application/json"):
        return self.objects.setdefault(key, (data, media_type)) == (data, media_type)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


async def test_images_are_stored_by_their_content_and_real_type(directory):
    store = MemoryStore()
    campaign = load_campaigns(directory).loaded[0].campaign
    uploaded = await upload_artwork(campaign, directory, store)
    logo, product = uploaded.brand.logo.image, uploaded.brand.products[0].image
    assert logo is not None
    assert product is not None
    data = (directory / "logo.png").read_bytes()
    assert (logo.key, logo.media_type, logo.bytes) == (content_key(data, "image/png"), "image/png", len(data))
    assert (logo.size.width, logo.size.height) == (64, 32)
    assert product.media_type == "image/jpeg"  # whatever the file is called
    assert set(store.objects) == {logo.key, product.key}
    assert campaign_version(uploaded) != campaign_version(campaign)


async def test_a_removed_image_is_reported(directory):
    campaign = load_campaigns(directory).loaded[0].campaign
    (directory / "logo.png").unlink()
    with pytest.raises(InvalidCampaign, match="does not exist"):
        await upload_artwork(campaign, directory, MemoryStore())


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (8000, 8000), (9000, 20), (4, 4)])
def test_bombs_and_specks_are_refused_before_they_are_unpacked(tmp_path, width, height):
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    (tmp_path / "bomb.png").write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    with pytest.raises(ValueError, match="pixels"):
        inspect_artwork("bomb.png", tmp_path)


def test_a_truncated_image_is_refused(directory):
    data = (directory / "product.png").read_bytes()
    (directory / "half.jpg").write_bytes(data[: len(data) // 2])
    with pytest.raises(ValueError, match=r"damaged|no PNG"):
        inspect_artwork("half.jpg", directory)


def test_other_formats_are_refused(tmp_path):
    Image.new("RGB", (32, 32)).save(tmp_path / "logo.gif")
    (tmp_path / "logo.pdf").write_text("%PDF-1.7")
    for name in ("logo.gif", "logo.pdf"):
        with pytest.raises(ValueError, match="export it as PNG"):
            inspect_artwork(name, tmp_path)


def test_a_giant_file_is_refused_unread(tmp_path):
    with (tmp_path / "logo.png").open("wb") as file:
        file.truncate(30_000_000)
    with pytest.raises(ValueError, match="20 MB"):
        inspect_artwork("logo.png", tmp_path)


def test_a_link_out_of_the_directory_is_refused(tmp_path):
    inner = tmp_path / "campaigns"
    inner.mkdir()
    Image.new("RGB", (32, 32)).save(tmp_path / "secret.png")
    (inner / "logo.png").symlink_to(tmp_path / "secret.png")
    with pytest.raises(ValueError, match="outside"):
        inspect_artwork("logo.png", inner)
