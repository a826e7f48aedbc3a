"""What providers publish of their prices, typed from their lists apart from the tables that estimates use.

Sources: OpenAI's and Google's price pages and fal's lists for gpt-image-2 and its edits, by way of litellm 1.109.1;
fal's model pages; docs.bfl.ai/quick_start/pricing; Stability's credits of a cent; Replicate's model pages. As of
November 2026.
Prices are US dollars for one image, those of images to start from included, the words of the prompt not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from schemas.images import Size
from schemas.operations import Operation


@dataclass(frozen=True, slots=True)
class Published:
    """One published price. `reference` is the size of the image to start from, where there is one."""

    usd: float
    width: int
    height: int
    operation: Operation = "text-to-image"
    quality: str = ""
    reference: tuple[int, int] | None = None

    @property
    def size(self) -> Size:
        """The size of the image."""
        return Size(width=self.width, height=self.height)

    @property
    def references(self) -> tuple[Size, ...]:
        """The images to start from."""
        return () if self.reference is None else (Size(width=self.reference[0], height=self.reference[1]),)


_SQUARE: Final = (1024, 1024)
_SIZES: Final = ((1024, 768), (1024, 1024), (1024, 1536), (1920, 1080), (2560, 1440), (3840, 2160))
_THREE: Final = ((768, 768), (1024, 1024), (1920, 1080))


def _gpt_2(quality: str, drawn: tuple[float, ...], edited: tuple[float, ...]) -> tuple[Published, ...]:
    edits: tuple[Operation, ...] = ("image-to-image", "masked-edit")
    made = [Published(usd, *size, quality=quality) for usd, size in zip(drawn, _SIZES, strict=True)]
    for operation in edits:
        made += [
            Published(usd, *size, operation=operation, quality=quality, reference=_SQUARE)
            for usd, size in zip(edited, _SIZES, strict=True)
        ]
    return tuple(made)


_GPT_2: Final = (
    *_gpt_2("low", (0.005, 0.006, 0.005, 0.005, 0.007, 0.012), (0.011, 0.015, 0.018, 0.017, 0.019, 0.024)),
    *_gpt_2("medium", (0.037, 0.053, 0.042, 0.04, 0.056, 0.101), (0.043, 0.061, 0.054, 0.053, 0.068, 0.113)),
    *_gpt_2("high", (0.145, 0.211, 0.165, 0.158, 0.222, 0.401), (0.151, 0.219, 0.178, 0.158, 0.234, 0.413)),
)


def _flat(usd: float, operation: Operation = "text-to-image") -> tuple[Published, ...]:
    """One price for every size."""
    reference = None if operation == "text-to-image" else _SQUARE
    return tuple(Published(usd, *size, operation=operation, reference=reference) for size in _THREE)


def _megapixels(
    first: float, further: float, operation: Operation = "text-to-image", shown: float = 0.0
) -> tuple[Published, ...]:
    """By the megapixel of 1024 x 1024 that is begun; `shown` for one megapixel to start from."""
    reference = None if operation == "text-to-image" else _SQUARE
    steps = {(512, 512): 0, (1024, 1024): 0, (1920, 1080): 1, (1536, 1536): 2, (2048, 2048): 3}
    return tuple(
        Published(first + more * further + shown, *size, operation=operation, reference=reference)
        for size, more in steps.items()
    )


_GEMINI_PRO: Final = tuple(
    Published(usd, *_SQUARE, quality=quality) for quality, usd in (("1K", 0.134), ("2K", 0.134), ("4K", 0.24))
)

PRICE_LIST: Final[dict[str, tuple[Published, ...]]] = {
    "gpt-image-2": _GPT_2,
    "gpt-image-2-low": _GPT_2,
    "gpt-image-2-high": _GPT_2,
    "gpt-image-1-mini-low": (
        Published(0.005, 1024, 1024, quality="low"),
        Published(0.006, 1024, 1536, quality="low"),
        Published(0.006, 1536, 1024, quality="low"),
        Published(0.011, 1024, 1024, quality="medium"),
        Published(0.015, 1536, 1024, quality="medium"),
    ),
    "gemini-2.5-flash-image": _flat(0.039),
    "gemini-3-pro-image": _GEMINI_PRO,
    "gemini-3-pro-image-4k": _GEMINI_PRO,
    "flux-1-schnell": _megapixels(0.003, 0.003),
    "flux-2-pro": _megapixels(0.03, 0.015),
    "flux-2-pro-edit": _megapixels(0.03, 0.015, "image-to-image", 0.015),
    "flux-fill-pro": _megapixels(0.05, 0.05, "masked-edit"),
    "ic-light-v2": _megapixels(0.1, 0.1, "relight"),
    "clarity-upscaler": _megapixels(0.03, 0.03, "upscale"),
    "bfl-flux-2-klein-4b": _megapixels(0.014, 0.001),
    "bfl-flux-2-pro": _megapixels(0.03, 0.015),
    "bfl-flux-2-pro-edit": _megapixels(0.03, 0.015, "image-to-image", 0.015),
    "bfl-flux-2-max": _megapixels(0.07, 0.03),
    "bfl-flux-fill-pro": _flat(0.05, "masked-edit"),
    "stable-image-core": _flat(0.03),
    "sd-3.5-large-turbo": _flat(0.04),
    "stable-image-ultra": _flat(0.08),
    "stable-image-inpaint": _flat(0.05, "masked-edit"),
    "stable-image-relight": _flat(0.08, "relight"),
    "stable-upscale-fast": _flat(0.02, "upscale"),
    "stable-upscale-conservative": _flat(0.4, "upscale"),
    "stable-upscale-creative": _flat(0.6, "upscale"),
    "replicate-flux-schnell": _flat(0.003),
    "replicate-flux-kontext-pro": _flat(0.04, "image-to-image"),
    "replicate-flux-fill-pro": _flat(0.05, "masked-edit"),
    "replicate-recraft-crisp-upscale": _flat(0.006, "upscale"),
}
"""By the names of the catalogue; the composer has no list, it costs processor time."""
