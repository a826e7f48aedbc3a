"""What the composer can be asked: the checks that a request passes before anything is drawn."""

from __future__ import annotations

from imaging.composer.scene.axes import unknown_choices
from imaging.fonts.registry import check_family
from schemas.errors import InvalidRequest
from schemas.generations import GenerationRequest, ModelCard


def check(request: GenerationRequest, card: ModelCard) -> None:
    """Raise InvalidRequest where the model of `card` cannot do what `request` says."""
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
