"""What the composer's benches deal from: the three sample brands, formats of every ratio, copy in twelve languages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from infra.campaigns import load_campaigns, upload_artwork
from infra.providers.composer.artwork import Sprite, decode_sprite
from infra.providers.composer.compose import Material, key_of
from infra.storage.memory_store import MemoryStore
from schemas.brands import BrandKit, Copy
from schemas.campaigns import Campaign
from schemas.images import Insets, Size

CAMPAIGNS: Final = Path(__file__).parent.parent / "examples" / "campaigns"
RATIOS: Final = (1 / 3, 0.42, 9 / 16, 2 / 3, 0.8, 1.0, 1.25, 1.5, 16 / 9, 1.91, 2.4, 3.0)
"""Width over height, from a skyscraper to a banner."""
LONG_SIDE: Final = 1080
WORDS: Final[dict[str, tuple[str, str]]] = {
    "en": ("Save more when you book before the last train leaves for the north this winter", "Book now"),
    "de": (
        "Zwischen Weihnachtsmarkt und Skihütte liegt nur eine einzige Nachtzugfahrt quer durch Europa",
        "Jetzt buchen",
    ),
    "fr": ("Partez plus loin cet hiver avec les trains de nuit au départ de quatre grandes villes", "Réserver"),
    "es": ("Viaja más lejos este invierno con los trenes nocturnos que salen de cuatro ciudades", "Reservar"),
    "pt": ("Viaje mais longe neste inverno com os trens noturnos que partem de quatro cidades", "Reserve agora"),
    "ru": ("Ночные поезда из четырёх городов этой зимой увезут вас туда где сияет северное небо", "Выбрать"),
    "uk": ("Нічні потяги з чотирьох міст цієї зими відвезуть вас туди де сяє північне небо", "Обрати"),
    "el": ("Ταξιδέψτε πιο μακριά αυτόν τον χειμώνα με τα νυχτερινά τρένα από τέσσερις πόλεις", "Κράτηση"),
    "ja": ("この冬は四つの街から出る夜行列車に乗って遠い北の国のオーロラを見に行きませんか", "予約する"),
    "zh": ("这个冬天从四座城市坐上夜行列车去遥远的北方看一场难忘的极光和静静的雪原吧", "立即预订"),
    "ko": ("올겨울 네 도시에서 출발하는 야간열차를 타고 머나먼 북쪽 나라의 오로라를 보러 가세요", "예약하기"),
    "ar": ("سافر أبعد هذا الشتاء مع القطارات الليلية التي تنطلق كل مساء من أربع مدن كبيرة", "احجز الآن"),
}
"""A long line, of which the first words make shorter ones, and a call to action."""
_UNSPACED: Final = frozenset({"ja", "zh"})


@dataclass(frozen=True)
class Deck:
    """The brands with their decoded pictures."""

    campaigns: tuple[Campaign, ...]
    sprites: dict[str, Sprite]
    store: MemoryStore

    def size(self, luck: np.random.Generator) -> Size:
        """A format of any of the ratios."""
        ratio = RATIOS[int(luck.integers(len(RATIOS)))]
        wide, high = (LONG_SIDE, LONG_SIDE / ratio) if ratio > 1 else (LONG_SIDE * ratio, LONG_SIDE)
        return Size(width=round(wide), height=round(high))

    def words(self, luck: np.random.Generator) -> Copy:
        """Copy of two words up to the whole line, now and then without a line, a call or a legal text."""
        languages = tuple(WORDS)
        language = languages[int(luck.integers(len(languages)))]
        call = WORDS[language][1]
        return Copy(
            language=language,
            direction="rtl" if language == "ar" else "ltr",
            headline=_some(language, luck, 0.7),
            line="" if luck.random() < 0.1 else _some(language, luck, 1.0),
            call_to_action="" if luck.random() < 0.1 else call,
            legal="" if luck.random() < 0.2 else _some(language, luck, 1.0),
        )

    def brand(self, luck: np.random.Generator) -> BrandKit:
        """One of the brands."""
        return self.campaigns[int(luck.integers(len(self.campaigns)))].brand

    def material(self, luck: np.random.Generator, words: Copy) -> Material:
        """A brand with `words`, in one of three safe areas."""
        margins = (Insets(), Insets(top=0.05, right=0.05, bottom=0.05, left=0.05))
        story = Insets(top=0.14, right=0.06, bottom=0.2, left=0.06)
        area = (*margins, story)[int(luck.integers(3))]
        return Material(self.brand(luck), words, self.sprites, area)


async def deck() -> Deck:
    """The sample brands, read and decoded."""
    store = MemoryStore()
    loaded = load_campaigns(CAMPAIGNS).loaded
    campaigns = [await upload_artwork(one.campaign, one.path.parent, store) for one in loaded]
    sprites = {}
    for campaign in campaigns:
        for artwork in (campaign.brand.logo, *campaign.brand.products):
            key = key_of(artwork.image)
            sprites[key] = decode_sprite(await store.get(key) or b"", artwork.path)
    return Deck(tuple(campaigns), sprites, store)


def _some(language: str, luck: np.random.Generator, most: float) -> str:
    """The first words of the language's line: two at least, and at most that share of them."""
    text = WORDS[language][0]
    pieces = [text[at : at + 4] for at in range(0, len(text), 4)] if language in _UNSPACED else text.split()
    count = int(luck.integers(2, max(int(len(pieces) * most), 3) + 1))
    return ("" if language in _UNSPACED else " ").join(pieces[:count])
