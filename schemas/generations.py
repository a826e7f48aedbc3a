"""What is requested of an image model, what it can do, and the record of what it did."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from schemas.base import Dollars, Identifier, Instant, Model
from schemas.brands import BrandKit, Copy
from schemas.images import ImageRef, Insets, Region, Size
from schemas.operations import Operation as Operation  # noqa: PLC0414 - callers that request images import it from here
from schemas.prices import ModelPrice, flat_price

SeedSupport = Literal["none", "best_effort", "deterministic"]
EditTarget = Literal["background", "copy"]
"""What a handover changes in an image: the background behind product, logo and text, or the lines of copy."""


class Edit(Model):
    """A change of one part of an image. `regions` are what is in it, as its model reported or as they were found.

    `background` keeps product and logo; `copy` sets the prompt's lines where the regions with text are, or where there
    is room. The mask of the request says the same in pixels, for models that know nothing of regions.
    """

    target: EditTarget
    regions: tuple[Region, ...] = ()


class RenderedPrompt(Model):
    """A prompt in the words of one family of models. `negative` is for models that take what to avoid separately."""

    dialect: str
    text: str
    negative: str = ""


class Prompt(Model):
    """A model-neutral prompt: what to show, and what of the brand and the copy must be in it.

    `subject` holds the trend's words: untrusted data, quoted when the prompt is rendered for a model. `changes` are
    what a handover asks for beyond the candidate's own prompt, `emphasis` what a calibration found its model to need,
    both in plain sentences. `rendered` is the same in its model's dialect, if it has one, and is what is sent.
    """

    version: str
    subject: str
    scene: str = ""
    style: tuple[str, ...] = ()
    light: tuple[str, ...] = ()
    camera: tuple[str, ...] = ()
    negatives: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    emphasis: tuple[str, ...] = ()
    brand: BrandKit
    wording: Copy
    rendered: RenderedPrompt | None = None


class GenerationRequest(Model):
    """A request for one image from one model.

    `references` are images that the model starts from (the first is the draft, for a refinement). `mask` is a PNG in
    the size of the first reference; its transparent pixels are to be drawn again, and `edit` says what for. Copy that
    is missing is set without a mask, where there is room. `strength` is the denoising strength, 0 (keep all) to 1 (keep
    nothing); `parameters` are the model's own. `fallbacks` are models that may make the image where `model` cannot; the
    job and its id stay the same.
    """

    job_id: Identifier
    operation: Operation
    model: str
    prompt: Prompt
    size: Size
    safe_area: Insets
    fallbacks: tuple[str, ...] = ()
    seed: Annotated[int, Field(ge=0, le=0x7FFF_FFFF)] | None = None
    references: tuple[ImageRef, ...] = ()
    mask: ImageRef | None = None
    edit: Edit | None = None
    strength: Annotated[float, Field(ge=0.0, le=1.0)] | None = None
    parameters: dict[str, JsonValue] = {}
    deadline_at: Instant | None = None


class ModelCard(Model):
    """What is known of a model before it is used.

    Capabilities are data; price and latency are dated priors. `price_usd` is that of one image of about a megapixel;
    `seconds` is the usual latency. `source` and `as_of` say where both come from. `price` is the price table, if one
    price is not enough.
    """

    name: str
    version: str
    provider: str
    tier: Literal["fast", "flagship"]
    operations: tuple[Operation, ...]
    seed: SeedSupport
    max_references: Annotated[int, Field(ge=0)] = 0
    longest_side: int = 2048
    price_usd: Dollars
    seconds: Annotated[float, Field(ge=0.0)]
    source: str
    as_of: str
    retires_at: Instant | None = None
    price: ModelPrice | None = None

    @property
    def prices(self) -> ModelPrice:
        """The price table, or one line with `price_usd`."""
        return self.price or flat_price(self.price_usd, self.source, self.as_of)


class GenerationRecord(Model):
    """What a model did: all that lineage records of an image.

    `model` is the one that made it: a fallback, if the requested one was unavailable. `seed_sent` and `seed_returned`
    may differ. Of `price_usd`, `wasted_usd` went to calls for the same image that gave none: a second one that was too
    late, or one before a fallback.
    """

    job_id: Identifier
    operation: Operation
    model: str
    model_version: str
    provider: str
    provider_request_id: str
    seed_sent: int | None
    seed_returned: int | None
    strength: float | None = None
    references: tuple[ImageRef, ...] = ()
    mask: ImageRef | None = None
    edit: Edit | None = None
    changes: tuple[str, ...] = ()
    prompt_version: str
    prompt_text: str
    image: ImageRef
    price_usd: Dollars
    wasted_usd: Dollars = 0.0
    started_at: Instant
    seconds: Annotated[float, Field(ge=0.0)]
    parameters: dict[str, JsonValue] = {}
    regions: tuple[Region, ...] = ()
