"""What a request asks of the composer: the checks that it must pass, its seed, and its scene asked for by name.

``parameters.scene`` draws exactly that scene. ``parameters.like`` (a seed, or ``true`` beside a scene) draws a sister
of it: with its layout, colours, kind of ground and product, and the other axes by the request's own seed.
``parameters.axes`` then fixes single axes by name: ``{"mood": "dark"}`` is "the same, but darker".
"""

from __future__ import annotations

from typing import Any, Final, cast

from pydantic import JsonValue, ValidationError

from imaging.composer.scene.axes import Axes, axes_of
from imaging.composer.scene.geometry import WIDTH
from imaging.fonts.registry import check_family
from schemas.errors import InvalidRequest
from schemas.generations import GenerationRequest, ModelCard
from schemas.identifiers import digest
from schemas.scenes import AXIS_CHOICES, unknown_choices

_SAME_RATIO: Final = 0.015
"""How far the ratios of a draft and its final may differ (rounding to pixels) and still be the same format."""
_OWN: Final = ("flipped", "tilt", "type_scale", "zoom", "button", "detail")
"""The axes on which sisters differ."""
_LARGEST_SEED: Final = 0x7FFF_FFFF


def check(request: GenerationRequest, card: ModelCard) -> None:
    """Raise InvalidRequest if the model of `card` cannot do what `request` asks for."""
    if request.operation not in card.operations:
        raise InvalidRequest(f"{card.name} does not do {request.operation}; it does {', '.join(card.operations)}")
    if max(request.size.width, request.size.height) > card.longest_side:
        asked = f"{request.size.width}x{request.size.height}"
        raise InvalidRequest(f"{asked} is above {card.longest_side} px, the longest side of {card.name}")
    if request.operation != "text-to-image" and not request.references:
        raise InvalidRequest(f"{request.operation} needs the image to start from in references")
    if request.operation == "masked-edit":
        _check_edit(request)
    for axis, reason in unknown_choices(request.prompt.brand.never):
        raise InvalidRequest(f"brand.never.{axis}: {reason}")
    fonts = request.prompt.brand.fonts
    for family in {fonts.headline, fonts.body} - set(fonts.files):
        check_family(family)


def _check_edit(request: GenerationRequest) -> None:
    if request.edit is None:
        raise InvalidRequest("masked-edit needs edit.target: background or copy")
    if "scene" in request.parameters or request.edit.target == "copy":
        return
    if request.mask is None:
        raise InvalidRequest("a background edit needs a mask that is opaque where the image is kept")


def seed_of(request: GenerationRequest) -> int:
    """The request's seed, or else a seed from the job's id, so that a repeated job gives the same image."""
    if request.seed is not None:
        return request.seed
    return int(digest(("composer", request.job_id))[:8], 16) & _LARGEST_SEED


def axes_for(request: GenerationRequest, seed: int) -> Axes:
    """The axes that `request` asks for, the rest by `seed`. Raises InvalidRequest, which lists what is known."""
    height, brand = WIDTH * request.size.height / request.size.width, request.prompt.brand
    products, never = len(brand.products), brand.never
    own = axes_of(seed, height, products, never)
    axes = own
    if "scene" in request.parameters:
        axes = _at_height(
            _parsed(request.parameters["scene"], "parameters.scene is no scene of the composer's"), height
        )
    like = request.parameters.get("like", False)
    if like is not False:
        first = (
            axes if like is True and "scene" in request.parameters else axes_of(_seed_in(like), height, products, never)
        )
        axes = first.model_copy(update={name: getattr(own, name) for name in _OWN})
    fixed = request.parameters.get("axes")
    return axes if fixed is None else _with(axes, fixed)


def _at_height(axes: Axes, height: float) -> Axes:
    same = abs(axes.height / height - 1) < _SAME_RATIO
    return axes if same else axes.model_copy(update={"height": height})


def _seed_in(like: JsonValue) -> int:
    if isinstance(like, bool) or not isinstance(like, int) or not 0 <= like <= _LARGEST_SEED:
        raise InvalidRequest(
            f"parameters.like is {like!r}; write a seed (0 to {_LARGEST_SEED}), or true beside a scene"
        )
    return like


def _with(axes: Axes, fixed: JsonValue) -> Axes:
    """`axes` with those that `fixed` names."""
    if not isinstance(fixed, dict):
        raise InvalidRequest('parameters.axes is no set of named axes; write for example {"layout": "quote"}')
    known = set(Axes.model_fields) - {"height"}
    for name, value in fixed.items():
        if name not in known:
            raise InvalidRequest(f"there is no axis {name!r}; there are {', '.join(sorted(known))}")
        choices = cast("tuple[Any, ...] | None", AXIS_CHOICES.get(name))
        if choices is not None and value not in choices:
            raise InvalidRequest(f"there is no {name} {value!r}; there are {', '.join(choices)}")
    return _parsed({**axes.model_dump(mode="json"), **fixed}, "parameters.axes is wrong")


def _parsed(value: JsonValue, problem: str) -> Axes:
    try:
        return Axes.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidRequest(f"{problem}: {place}: {first['msg']}") from error
