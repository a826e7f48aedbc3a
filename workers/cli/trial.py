"""`brushfire models try`: one image from one model, with its price and its time."""

from __future__ import annotations

import io
import json
import os
import secrets
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, get_args

import typer
from PIL import Image, ImageDraw
from pydantic import TypeAdapter, ValidationError

from infra.providers.base import Generation, Provider, Ticket
from infra.providers.catalogue import open_registry
from infra.providers.registry import Registry
from infra.settings import Settings
from infra.storage.memory_store import MemoryStore
from infra.storage.store import save_blob
from routing.money.prices import estimate
from routing.prompting.dialects import rendered_for
from schemas.brands import COPY_LIMIT, Artwork, BrandKit, Copy, Palette
from schemas.errors import RateLimited, Unavailable
from schemas.generations import GenerationRequest, ModelCard, Operation, Prompt
from schemas.images import ImageRef, Insets, MediaType, Size
from workers.cli.exits import EXIT_USAGE
from workers.cli.shared import ConfigOption, JsonOption, fail, load_settings, run_async, say

UNASKED_USD: Final = 0.05
"""What may be spent without ``--yes``: enough for a draft of any fast model."""
_ENDINGS: Final[dict[MediaType, str]] = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
_OPERATION: Final[TypeAdapter[Operation]] = TypeAdapter(Operation)
_SIZE: Final = TypeAdapter(Size)
_PALETTE: Final = Palette(primary="#12355b", secondary="#8fb8de", accent="#f26419")

SizeOption = Annotated[str, typer.Option("--size", help="Width and height in pixels.")]
FromOption = Annotated[Path | None, typer.Option("--from", help="The image to start from (JPEG, PNG or WebP).")]
MaskOption = Annotated[Path | None, typer.Option("--mask", help="A PNG; its transparent parts are drawn again.")]
OperationOption = Annotated[
    str | None, typer.Option("--operation", help="Such as upscale; by default chosen by the images given.")
]
StrengthOption = Annotated[float | None, typer.Option("--strength", min=0, max=1, help="Denoising strength, 0 to 1.")]
SeedOption = Annotated[int | None, typer.Option("--seed", min=0, max=0x7FFF_FFFF, help="For models that take one.")]
ImageOutOption = Annotated[
    Path | None, typer.Option("--out", help="Where the image goes; by default MODEL.jpg and the like.")
]
YesOption = Annotated[bool, typer.Option("--yes", help=f"Spend more than ${UNASKED_USD:g} without being asked.")]


@dataclass(frozen=True, slots=True)
class TrialOptions:
    """What the model is to make."""

    model: str
    words: str
    size: Size
    seed: int | None
    operation: Operation
    strength: float | None
    image: Path | None
    mask: Path | None


def try_(
    model: Annotated[str, typer.Argument(help="The model's name, as `models list` has it.")],
    prompt: Annotated[str, typer.Argument(help="What to show; the headline says it too.")],
    size: SizeOption = "1024x1024",
    seed: SeedOption = None,
    source: FromOption = None,
    mask: MaskOption = None,
    operation: OperationOption = None,
    strength: StrengthOption = None,
    out: ImageOutOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Have a model make one image, and say what it cost and how long it took.

    The prompt is rendered as those of campaigns are, for a sample brand. Above a small sum it asks first.

    Example: brushfire models try composer-draft "northern lights" --size 512x640

    Example: brushfire models try gpt-image-2 "at dusk" --from a.png --mask m.png --yes
    """
    settings = load_settings(config)
    chosen = _operation(operation, source, mask)
    options = TrialOptions(model, prompt, _size(size), seed, chosen, strength, source, mask)
    store = MemoryStore()
    registry = open_registry(settings, store)
    card = registry.card(model)
    _check_place(out or Path(model))
    request = run_async(_request(store, options))
    _allow(card, estimate(card.prices, request), yes=yes)
    facts, image = run_async(_made(registry, request))
    path = out or Path(f"{model}.{_ENDINGS[image.media_type]}")
    try:
        path.write_bytes(image.data)
    except OSError as error:
        fail(f"{path}: {error.strerror}; the image was made and is lost, for ${image.price_usd:.4g}")
    _report(facts | {"file": str(path)}, settings, as_json=as_json)


def _check_place(path: Path) -> None:
    """End with advice where the image could not be written, before it is paid."""
    if path.is_dir():
        fail(f"--out {path}: is a folder; name a file in it", EXIT_USAGE)
    if not path.parent.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
        fail(f"{path}: nothing can be written there; name another place with --out", EXIT_USAGE)


def _allow(card: ModelCard, price_usd: float, *, yes: bool) -> None:
    """Ask before more than a small sum is spent. Without a terminal to ask on, the answer is no."""
    if yes or price_usd <= UNASKED_USD:
        return
    question = f"This image from {card.name} costs about ${price_usd:.4g}. Go on?"
    if not sys.stdin.isatty():
        fail(f"this image from {card.name} costs about ${price_usd:.4g}: say --yes to spend it", EXIT_USAGE)
    if not typer.confirm(question, err=True):
        raise typer.Exit(EXIT_USAGE)


async def _made(registry: Registry, request: GenerationRequest) -> tuple[dict[str, Any], Generation]:
    provider, began = registry.provider(request.model), time.monotonic()
    try:
        ticket = await provider.submit(request)
        made = await _collected(provider, ticket)
        seconds = time.monotonic() - began
    finally:
        await registry.close()
    size = f"{made.size.width}x{made.size.height}"
    facts: dict[str, Any] = {"model": request.model, "version": made.model_version, "operation": request.operation}
    facts |= {"provider": provider.name, "request_id": ticket.request_id, "size": size, "seconds": round(seconds, 3)}
    facts |= {"price_usd": made.price_usd, "seed_sent": made.seed_sent, "seed_returned": made.seed_returned}
    return facts | {"prompt_text": made.prompt_text}, made


async def _collected(provider: Provider, ticket: Ticket) -> Generation:
    """The image. If it fails, the error names the request, which the provider may bill all the same."""
    try:
        return await provider.collect(ticket)
    except (Unavailable, RateLimited) as error:
        fail(f"{error}; {provider.name} goes on with request {ticket.request_id}, and may bill it")


async def _request(store: MemoryStore, options: TrialOptions) -> GenerationRequest:
    logo = await _stored(store, _logo(), "a logo")
    brand = BrandKit(name="Sample brand", palette=_PALETTE, logo=Artwork(path="logo.png", image=logo))
    wording = Copy(language="en", headline=options.words[:COPY_LIMIT], line="", call_to_action="")
    prompt = Prompt(version="try", subject=options.words, brand=brand, wording=wording)
    return GenerationRequest(
        job_id=f"try-{secrets.token_hex(8)}",
        operation=options.operation,
        model=options.model,
        prompt=rendered_for(prompt, options.model, Insets()),
        size=options.size,
        safe_area=Insets(),
        seed=options.seed,
        strength=options.strength,
        references=() if options.image is None else (await _stored(store, _read(options.image), str(options.image)),),
        mask=None if options.mask is None else await _stored(store, _read(options.mask), str(options.mask)),
    )


async def _stored(store: MemoryStore, data: bytes, name: str) -> ImageRef:
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as image:
            kind: Any = image.get_format_mimetype()
            size = Size(width=image.width, height=image.height)
    except (OSError, ValueError, Image.DecompressionBombError):
        fail(f"{name}: is not a JPEG, PNG or WebP image of 16 to 8192 pixels a side", EXIT_USAGE)
    key = await save_blob(store, data, kind)
    return ImageRef(key=key, media_type=kind, size=size, bytes=len(data))


def _report(facts: dict[str, Any], settings: Settings, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(facts) + "\n")
        return
    made = f"{facts['file']}: {facts['size']} by {facts['model']}"
    say(f"{made} in {facts['seconds']:.2f} s for ${facts['price_usd']:.4g}")
    if facts["seconds"] > settings.providers.limit_seconds:
        say("    slower than the workers' limit_seconds", style="yellow")


def _operation(named: str | None, image: Path | None, mask: Path | None) -> Operation:
    """The operation that is named, or the one that fits the images given."""
    if named is None:
        return "masked-edit" if mask is not None else "image-to-image" if image is not None else "text-to-image"
    try:
        return _OPERATION.validate_python(named)
    except ValidationError:
        fail(f"there is no operation {named!r}; known are {', '.join(get_args(Operation))}", EXIT_USAGE)


def _size(text: str) -> Size:
    width, _, height = text.partition("x")
    try:
        return _SIZE.validate_python({"width": width, "height": height})
    except ValidationError:
        fail(f"--size {text}: write width and height in pixels, 16 to 8192, such as 1080x1350", EXIT_USAGE)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        fail(f"{path}: {error.strerror}", EXIT_USAGE)


def _logo() -> bytes:
    """A disc in the sample brand's accent, for models that set a logo."""
    image = Image.new("RGBA", (64, 64))
    ImageDraw.Draw(image).ellipse((4, 4, 60, 60), fill=_PALETTE.accent)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()
