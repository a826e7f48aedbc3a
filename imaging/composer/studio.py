"""From a request to its job: the material is read, and what is to be drawn or changed is decided."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final, Protocol

from imaging.composer.compose import Material
from imaging.composer.edits.background import in_brand_colour
from imaging.composer.edits.jobs import edit, enlarge, finished, light, restyle
from imaging.composer.edits.treatment import treatment_in
from imaging.composer.jobs import Drawn, draw_draft, draw_final
from imaging.composer.paint.artwork import Sprite, decode_sprite
from imaging.composer.requests import axes_for, seed_of
from imaging.fonts.registry import family_of, install, installed
from schemas.brands import Artwork, FontFile, Fonts
from schemas.errors import InvalidRequest, StoreError, Unavailable
from schemas.generations import GenerationRequest

Job = Callable[[], Drawn]
"""The work of one image, without I/O, for a thread. Raises InvalidRequest or BadOutput."""
_CACHED: Final = 24
"""Cut-outs that are kept for the next request."""
_RELIT: Final = 0.85
"""The least strength of light on a scene that is drawn again for its light."""


class BlobSource(Protocol):
    """Gives the studio what lies in the object store; the caller provides it."""

    def __call__(self, key: str, /) -> Awaitable[bytes]:
        """The bytes of an object.

        Args:
            key: the content-addressed key of an image, a mask or a font.

        Returns:
            The whole object.

        Raises:
            StoreError: the object does not exist, or (`retryable`) the store does not answer now.
        """


class Studio:
    """Reads what requests refer to, keeps the last few cut-outs, and makes jobs. Not for several event loops."""

    def __init__(self, blobs: BlobSource) -> None:
        self._blobs = blobs
        self._sprites: OrderedDict[str, Sprite] = OrderedDict()

    async def job(self, request: GenerationRequest, *, draft: bool) -> Job:
        """The job of a checked `request`: a scene is drawn, or an image without a scene is changed.

        Args:
            request: what `imaging.composer.requests.check` accepts.
            draft: whether a draft is drawn, without light and grain.

        Raises:
            InvalidRequest: a parameter is wrong, or an image or font is missing or damaged.
            Unavailable: the object store does not answer now.
        """
        reference = await self._reference(request)
        if reference is not None and "scene" not in request.parameters:
            return await self._change(request, reference)
        axes, material = axes_for(request, seed_of(request)), await self._material(request)
        if draft:
            return partial(draw_draft, axes, material, request.size)
        if request.edit is not None and request.edit.target == "background":
            axes = in_brand_colour(axes, request.prompt.brand)
        return partial(draw_final, axes, material, request.size, reference, _strength(request))

    async def read(self, key: str, name: str) -> bytes:
        """The bytes of `key`. Raises InvalidRequest or Unavailable; the message calls the object `name`."""
        try:
            return await self._blobs(key)
        except StoreError as error:
            if error.retryable:
                raise Unavailable(f"{name}: the object store did not give {key}: {error}") from error
            raise InvalidRequest(f"{name}: the object store has no {key}: {error}") from error

    async def _change(self, request: GenerationRequest, reference: bytes) -> Job:
        """The job that changes another model's image."""
        if request.operation == "relight":
            return partial(light, reference, request.size, request.strength)
        if request.operation == "upscale":
            return partial(enlarge, reference, request.size)
        if request.edit is None and "treatment" in request.parameters:
            name = treatment_in(request.parameters["treatment"])
            return partial(restyle, reference, request.size, name, request.prompt.brand.palette)
        if request.edit is None or (request.edit.target == "background" and request.mask is None):
            return partial(finished, reference, request.size, request.strength, seed_of(request))
        mask = None if request.mask is None else await self.read(request.mask.key, "the mask")
        regions, target = request.edit.regions, request.edit.target
        material = await self._material(request)
        return partial(edit, reference, mask, regions, target, material, request.size, seed_of(request))

    async def _reference(self, request: GenerationRequest) -> bytes | None:
        if request.operation == "text-to-image":
            return None
        return await self.read(request.references[0].key, "the reference")

    async def _material(self, request: GenerationRequest) -> Material:
        brand = request.prompt.brand
        sprites: dict[str, Sprite] = {}
        for artwork in (brand.logo, *brand.products):
            sprite = await self._sprite(artwork)
            if artwork.image is not None:
                sprites[artwork.image.key] = sprite
        await self._install(brand.fonts)
        return Material(brand, request.prompt.wording, sprites, request.safe_area)

    async def _sprite(self, artwork: Artwork) -> Sprite:
        """The cut-out of `artwork`."""
        if artwork.image is None:
            raise InvalidRequest(f"{artwork.path}: the image was not uploaded to the object store")
        key = artwork.image.key
        if key not in self._sprites:
            self._sprites[key] = decode_sprite(await self.read(key, artwork.path), artwork.path)
        self._sprites.move_to_end(key)
        while len(self._sprites) > _CACHED:
            self._sprites.popitem(last=False)
        return self._sprites[key]

    async def _install(self, fonts: Fonts) -> None:
        """Make the brand's own fonts drawable."""
        for name, files in fonts.files.items():
            family = family_of(fonts, name)
            if not installed(family):
                install(family, [await self._font(file) for file in files])

    async def _font(self, file: FontFile) -> bytes:
        if file.key is None:
            raise InvalidRequest(f"{file.path}: the font was not uploaded to the object store")
        return await self.read(file.key, file.path)


def _strength(request: GenerationRequest) -> float | None:
    """How much light and texture a final gets: none if it is only enlarged, more if light was asked for."""
    if request.operation == "upscale":
        return 0.0
    if request.operation == "relight":
        return _RELIT if request.strength is None else max(request.strength, _RELIT)
    return request.strength
