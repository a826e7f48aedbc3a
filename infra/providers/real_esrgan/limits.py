"""Which requests an upscaler can serve. The error of any other request says what to do instead."""

from __future__ import annotations

from math import ceil
from typing import Final

from infra.providers.real_esrgan.models import LONGEST_SIDE, MODELS, Factor
from schemas.errors import InvalidRequest
from schemas.generations import GenerationRequest
from schemas.images import Size

SAME_RATIO: Final = 0.015
"""How much the ratios of reference and result may differ: models round sides to pixels or to multiples of 16."""
BEYOND: Final = 1.5
"""How much further than its network's factor a model enlarges, by Lanczos: more would look soft."""
MOST_REFERENCE_PIXELS: Final = 2048 * 2048
"""Pixels of the largest reference: about 20 seconds on one core."""


def factor_of(request: GenerationRequest) -> Factor:
    """The factor of the request's model. Raises InvalidRequest for what cannot be served, whatever the reference."""
    factor = MODELS.get(request.model)
    if factor is None:
        raise InvalidRequest(f"model {request.model!r} is not Real-ESRGAN's; it has {', '.join(MODELS)}")
    if request.operation != "upscale":
        raise InvalidRequest(f"{request.model} does not do {request.operation}; it does upscale")
    if not request.references:
        raise InvalidRequest("upscale needs the image to start from in references")
    if max(request.size.width, request.size.height) > LONGEST_SIDE:
        raise InvalidRequest(f"{_sides(request.size)} is above {LONGEST_SIDE} px, the longest side of {request.model}")
    return factor


def check_reference(reference: Size, wanted: Size, factor: Factor) -> None:
    """Raise InvalidRequest where `reference` is too large, too small for `wanted`, or of another shape."""
    if reference.width * reference.height > MOST_REFERENCE_PIXELS:
        raise InvalidRequest(
            f"a reference of {_sides(reference)} is above {MOST_REFERENCE_PIXELS:,} pixels; write a smaller "
            "plan.draft_long_side"
        )
    if abs(reference.ratio / wanted.ratio - 1) > max(SAME_RATIO, _rounding(reference)):
        raise InvalidRequest(
            f"{_sides(reference)} cannot be enlarged to {_sides(wanted)}, another shape: an upscaler keeps the ratio; "
            "refine this format with a model that draws again, or draw the draft in it (plan.draft_format)"
        )
    times = max(wanted.width, wanted.height) / max(reference.width, reference.height)
    if times > factor * BEYOND:
        other = "use real-esrgan-x4, or " if factor < times / BEYOND <= max(MODELS.values()) else ""
        least = ceil(max(wanted.width, wanted.height) / (factor * BEYOND))
        raise InvalidRequest(
            f"{_sides(reference)} to {_sides(wanted)} is {times:.1f} times as large, real-esrgan-x{factor} goes to "
            f"{factor * BEYOND:g}: {other}write plan.draft_long_side: {least} or more"
        )


def _rounding(size: Size) -> float:
    """The share of the ratio that rounding both sides to pixels can change."""
    return 0.5 / size.width + 0.5 / size.height


def _sides(size: Size) -> str:
    return f"{size.width}x{size.height}"
