"""What is asked of an image model, what it can do, and the record of what it did."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from schemas.base import Dollars, Identifier, Instant, Model
from schemas.brands import BrandKit, Copy
from schemas.images import ImageRef, Insets, Region, Size

Operation = Literal["text-to-image", "image-to-image", "masked-edit", "upscale", "relight"]
SeedSupport = Literal["none", "best_effort", "deterministic"]
EditTarget = Literal["background", "copy"]
"""What a handover changes in a picture: what stands behind product, logo and text; or the lines of copy."""


class Edit(Model):
    """A change of one part of a picture. `regions` are what stands in it, told by its model or found in it.

    `background` keeps product and logo; `copy` sets the prompt's lines where the regions with text are, or where
    there is room. The mask of the request says the same in pixels, for models that know nothing of regions.
    """

    target: EditTarget
    regions: tuple[Region, ...] = ()


class Prompt(Model):
    """A model-neutral prompt: what to show, and what of the brand and the copy must be in it.

    `subject` holds the trend's words: data, quoted by whoever renders it for a model. `changes` are what a handover
    asks for beyond the candidate's own prompt, in plain sentences.
    """

    version: str
    subject: str
    scene: str = ""
    style: tuple[str, ...] = ()
    negatives: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    brand: BrandKit
    wording: Copy


class GenerationRequest(Model):
    """One picture, wanted from one model.

    `references` are pictures that the model is to start from (the first is the draft, at a refinement);
    `mask` is a PNG in the size of the first reference, whose transparent pixels are to be drawn anew; `edit` says what
    for. Copy that is missing is set without a mask, where there is room. `strength` is the denoising strength, 0 (keep
    all) to 1 (keep nothing); `parameters` are the model's own.
    """

    job_id: Identifier
    operation: Operation
    model: str
    prompt: Prompt
    size: Size
    safe_area: Insets
    seed: Annotated[int, Field(ge=0, le=0x7FFF_FFFF)] | None = None
    references: tuple[ImageRef, ...] = ()
    mask: ImageRef | None = None
    edit: Edit | None = None
    strength: Annotated[float, Field(ge=0.0, le=1.0)] | None = None
    parameters: dict[str, JsonValue] = {}
    deadline_at: Instant | None = None


class ModelCard(Model):
    """What is known of a model before it is used.

    Capabilities are data; price and latency are dated priors. `price_usd` is that of one image of about a
    megapixel; `seconds` is the usual latency. `source` and `as_of` say where both come from.
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


class GenerationRecord(Model):
    """What a model did: all that lineage says of a picture.

    `seed_sent` and `seed_returned` are apart, for they may differ.
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
    started_at: Instant
    seconds: Annotated[float, Field(ge=0.0)]
    parameters: dict[str, JsonValue] = {}
    regions: tuple[Region, ...] = ()
