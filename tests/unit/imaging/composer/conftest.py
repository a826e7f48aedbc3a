"""A small brand that is drawn here, copy in six languages, and requests for them."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from infra.providers.base import Generation
from infra.providers.composer import ComposerProvider
from schemas.brands import Artwork, BrandKit, Copy, Fonts, Palette
from schemas.errors import StoreError
from schemas.generations import GenerationRequest, Prompt
from schemas.identifiers import content_key
from schemas.images import ImageRef, Insets, Size

SIZES = {
    "square": Size(width=1080, height=1080),
    "portrait": Size(width=1080, height=1350),
    "story": Size(width=1080, height=1920),
    "landscape": Size(width=1200, height=628),
}
COPIES = {
    "en": ("Lapland is closer than you think", "Night trains from four cities, all winter long.", "Plan your trip"),
    "pt": ("Seu fim de semana começa aqui", "Passagens com até 30% de desconto para você.", "Reserve agora"),
    "ja": ("上野の秋を、週末の旅で楽しもう", "ソフトバンク vs Ryder Cup の熱戦も、旅先で。", "プランを見る"),
    "ru": ("Выходные, о которых вы мечтали", "Ночные поезда и северное сияние всю зиму.", "Выбрать поездку"),
    "ar": ("رحلتك القادمة أقرب مما تتخيل", "خصم 30% مع Norrsken من أربع مدن.", "احجز الآن"),
    "zh": ("这个周末，去看极光吧", "四座城市出发的夜行列车，整个冬天都能预订。", "立即预订"),
}
LEGAL = {
    "en": "Fares from €89 one way. Subject to availability.",
    "pt": "Oferta válida até 30/11. Sujeito à disponibilidade.",
    "ja": "※料金は1名様あたり。変更となる場合があります。",
    "ru": "Количество мест ограничено. Подробности на сайте.",
    "ar": "العرض ساري حتى 30 نوفمبر. تطبق الشروط.",
    "zh": "票价视供应情况而定，详情请见条款。",
}


class Bench:
    """A store in memory, a brand in it, and a provider that reads it."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}
        self.provider = ComposerProvider(self.read, workers=1)
        self.brand = BrandKit(
            name="Norrsken",
            palette=Palette(primary="#12355b", secondary="#2a9d8f", accent="#f4a261", paper="#fdf6ec", ink="#14213d"),
            logo=self.artwork(_logo(), "logo.png"),
            fonts=Fonts(headline="Fraunces", body="Inter"),
            products=(self.artwork(_parcel(), "parcel.png"), self.artwork(_ball(), "ball.png")),
        )

    def save(self, data: bytes, media_type: str, size: Size) -> ImageRef:
        key = content_key(data, media_type)
        self.blobs[key] = data
        return ImageRef(key=key, media_type=media_type, size=size, bytes=len(data))

    def artwork(self, image: Image.Image, name: str) -> Artwork:
        stream = io.BytesIO()
        image.save(stream, "PNG")
        size = Size(width=image.width, height=image.height)
        return Artwork(path=name, image=self.save(stream.getvalue(), "image/png", size))

    async def read(self, key: str) -> bytes:
        if key not in self.blobs:
            raise StoreError(f"no object {key}", retryable=False)
        return self.blobs[key]

    def words(self, language: str = "en", **changes: str) -> Copy:
        headline, line, call = COPIES[language]
        return Copy.model_validate(
            {
                "language": language,
                "direction": "rtl" if language == "ar" else "ltr",
                "headline": headline,
                "line": line,
                "call_to_action": call,
                "legal": LEGAL[language],
                **changes,
            }
        )

    def request(
        self, form: str = "portrait", language: str = "en", long_side: int = 512, **changes: Any
    ) -> GenerationRequest:
        story = Insets(top=0.14, right=0.06, bottom=0.2, left=0.06)
        margins = story if form == "story" else Insets(top=0.05, right=0.05, bottom=0.05, left=0.05)
        words, brand = changes.pop("words", None), changes.pop("brand", None)
        fields = {
            "job_id": "drf-test",
            "operation": "text-to-image",
            "model": "composer-draft",
            "prompt": Prompt(
                version="1", subject="lapland", brand=brand or self.brand, wording=words or self.words(language)
            ),
            "size": SIZES[form].scaled_to(long_side),
            "safe_area": margins,
            "seed": 7,
        }
        return GenerationRequest.model_validate({**fields, **changes})

    async def draw(self, request: GenerationRequest) -> Generation:
        return await self.provider.collect(await self.provider.submit(request))

    def refined(self, draft: Generation, form: str = "portrait", **changes: Any) -> GenerationRequest:
        """The request that refines `draft` to its full size."""
        fields = {
            "long_side": max(SIZES[form].width, SIZES[form].height),
            "operation": "image-to-image",
            "model": "composer-refine",
            "references": (self.save(draft.data, draft.media_type, draft.size),),
            "parameters": dict(draft.parameters),
        }
        return self.request(form, **{**fields, **changes})


def pixels(generation: Generation) -> np.ndarray:
    """The decoded image, RGB."""
    with Image.open(io.BytesIO(generation.data)) as image:
        return np.array(image.convert("RGB"))


def _logo() -> Image.Image:
    image = Image.new("RGBA", (520, 120), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((0, 0, 119, 119), fill=(18, 53, 91, 255))
    for index in range(4):
        draw.rounded_rectangle((150 + 90 * index, 25, 220 + 90 * index, 95), 16, fill=(18, 53, 91, 255))
    return image


def _parcel() -> Image.Image:
    image = Image.new("RGBA", (400, 600), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((20, 60, 380, 580), 40, fill=(231, 111, 81, 255))
    draw.rectangle((180, 60, 220, 580), fill=(190, 80, 60, 255))
    return image


def _ball() -> Image.Image:
    image = Image.new("RGBA", (500, 500), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((10, 10, 490, 490), fill=(240, 236, 228, 255), outline=(120, 120, 120, 255), width=8)
    return image


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    table = Bench()
    yield table
    asyncio.run(table.provider.close())


@pytest.fixture(scope="session")
def decoded() -> Callable[[Generation], np.ndarray]:
    return pixels


async def _digests() -> list[str]:
    table = Bench()
    draft = await table.draw(table.request(language="ar", seed=20_261))
    final = await table.draw(table.refined(draft, language="ar", strength=0.6))
    await table.provider.close()
    return [hashlib.sha256(image.data).hexdigest() for image in (draft, final)]


if __name__ == "__main__":  # the determinism test runs this file in other processes
    print(" ".join(asyncio.run(_digests())))  # noqa: T201 - the answer to the parent process
