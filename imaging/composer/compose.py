"""From a request's words and images to a scene and its pixels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from imaging.composer.colour.legibility import with_inks
from imaging.composer.colour.scheme import Scheme, disc_on, mark_on, rule_on, scheme_of
from imaging.composer.grounds.lettered import motif_of
from imaging.composer.layouts import LAYOUT_BY_NAME
from imaging.composer.paint.artwork import Sprite
from imaging.composer.paint.brush import Sheet
from imaging.composer.paint.painter import paint_behind, paint_front
from imaging.composer.paint.sprites import contact_box
from imaging.composer.scene.arrange import Arrangement, arrange
from imaging.composer.scene.axes import Axes, allowed
from imaging.composer.scene.footing import has_base
from imaging.composer.scene.geometry import Rect, safe
from imaging.composer.scene.product_place import tilted_aspect
from imaging.composer.scene.scene import Button, Panel, PlacedImage, QuoteMark, Scene
from imaging.composer.type.hyphenation import LANGUAGES as HYPHENATED
from imaging.composer.type.typography import copytext, lengths, refusal
from schemas.brands import BrandKit, Copy
from schemas.errors import InvalidRequest
from schemas.images import Insets, Size
from schemas.scenes import LAYOUTS

PROOF_LONG_SIDE = 512
"""Pixels of the proof's longer side, on which inks are chosen: as large as a draft, so both choose alike."""


@dataclass(frozen=True, slots=True)
class Material:
    """What an ad is made of: the brand, its words, its decoded images by key, and the free area."""

    brand: BrandKit
    wording: Copy
    sprites: Mapping[str, Sprite]
    safe_area: Insets


@dataclass(frozen=True, slots=True)
class Composed:
    """A finished scene, its scheme, and the proof (without words) that its inks were chosen on."""

    scene: Scene
    scheme: Scheme
    proof: Sheet
    proof_size: Size


def compose(axes: Axes, material: Material, size: Size) -> Composed:
    """The scene of `axes`, its copy at the greatest length that fits. If none fits, the next layout is tried.

    Args:
        axes: the choices; their layout is only the first that is tried.
        material: the brand, its copy and its decoded images.
        size: pixels of the image that will be painted; inks are chosen on a proof of at most 512 pixels.

    Raises:
        InvalidRequest: the copy fits no layout at the smallest readable sizes.
    """
    found = _first_fit(axes, material)
    if found is None:
        raise refusal(
            material.wording, size, lambda copy: _first_fit(axes, replace(material, wording=copy)) is not None
        )
    return _coloured(*found, size)


def _first_fit(axes: Axes, material: Material) -> tuple[Axes, Arrangement, Material] | None:
    """The first layout, from that of `axes` on, that the copy fits, and the greatest length that fits it; or None.

    A headline is hyphenated only if it fits no layout otherwise.
    """
    at = LAYOUTS.index(axes.layout)
    others = allowed((*LAYOUTS[at + 1 :], *LAYOUTS[:at]), material.brand.never.get("layout"))
    spoken = material.wording.language.split("-", maxsplit=1)[0]
    for hyphens in (False, True) if spoken in HYPHENATED else (False,):
        for layout in (axes.layout, *others):
            tried = axes.model_copy(update={"layout": layout})
            for wording in lengths(material.wording):
                worded = replace(material, wording=wording)
                arrangement = _arranged(tried, worded, broken_headline=hyphens)
                if arrangement is not None:
                    return tried, arrangement, worded
    return None


def paint(composed: Composed, material: Material, size: Size) -> Sheet:
    """The scene painted with its words, at `size`."""
    if size == composed.proof_size:
        page = composed.proof
    else:
        page = paint_behind(composed.scene, composed.scheme, size.width, size.height)
    paint_front(page, composed.scene, material.sprites)
    return page


def _arranged(axes: Axes, material: Material, *, broken_headline: bool) -> Arrangement | None:
    weight = LAYOUT_BY_NAME[axes.layout].weight
    copy = copytext(material.brand, material.wording, weight, broken_headline=broken_headline)
    product = _product(axes, material)
    logo = material.sprites[key_of(material.brand.logo.image)]
    return arrange(
        axes,
        copy,
        safe(material.safe_area, axes.height),
        rtl=material.wording.direction == "rtl",
        logo_aspect=logo.aspect,
        product_aspect=None if product is None else tilted_aspect(*product[1].size, axes.tilt),
        mirrors=axes.reflection and not axes.tilt and product is not None and has_base(product[1].footing),
    )


def _coloured(axes: Axes, arrangement: Arrangement, material: Material, size: Size) -> Composed:
    scheme = scheme_of(axes.scheme, material.brand.palette, axes.mood)
    product = _product(axes, material)
    image = None
    if product is not None and arrangement.product is not None:
        grounded = _is_grounded(arrangement, arrangement.product)
        image = PlacedImage(
            key=product[0],
            box=arrangement.product,
            tilt=axes.tilt,
            grounded=grounded,
            reflection=arrangement.reflection if grounded else 0.0,
        )
    outside = scheme.outer if arrangement.plan.outside == "paper" else scheme.base
    scene = Scene(
        axes=axes,
        height=axes.height,
        language=material.wording.language,
        rtl=material.wording.direction == "rtl",
        outside=outside,
        window=arrangement.window,
        corner=arrangement.plan.corner,
        disc=arrangement.disc,
        disc_fill=scheme.spark if product is None else disc_on(scheme.base, product[1].colour, scheme),
        disc_shape=arrangement.plan.disc_shape,
        panel=_panel(arrangement, scheme),
        mark=None if arrangement.mark is None else QuoteMark(box=arrangement.mark, fill=mark_on(scheme)),
        rule=arrangement.rule,
        rule_fill=rule_on(outside, scheme),
        product=image,
        logo=PlacedImage(key=key_of(material.brand.logo.image), box=arrangement.logo),
        blocks=arrangement.blocks,
        button=Button(box=arrangement.button, shape=axes.button, arrow=arrangement.arrow)
        if material.wording.call_to_action.strip()
        else None,
        motif=motif_of(material.brand, material.wording, LAYOUT_BY_NAME[axes.layout].weight)
        if axes.ground == "type"
        else None,
    )
    proof_size = size.scaled_to(PROOF_LONG_SIDE)
    proof = paint_behind(scene, scheme, proof_size.width, proof_size.height)
    return Composed(with_inks(scene, proof, scheme, material.sprites), scheme, proof, proof_size)


def _is_grounded(arrangement: Arrangement, product: Rect) -> bool:
    """Whether the product may cast a contact shadow: not on words, which would lose contrast."""
    return not any(block.box.overlaps(contact_box(product)) for block in arrangement.blocks)


def _panel(arrangement: Arrangement, scheme: Scheme) -> Panel | None:
    if arrangement.panel is None:
        return None
    plan = arrangement.plan
    fill = {"paper": scheme.outer, "base": scheme.base, "counter": scheme.counter}[plan.panel_fill]
    return Panel(box=arrangement.panel, fill=fill, corner=plan.panel_corner)


def _product(axes: Axes, material: Material) -> tuple[str, Sprite] | None:
    products = material.brand.products
    if not products:
        return None
    key = key_of(products[axes.product % len(products)].image)
    return key, material.sprites[key]


def key_of(image: object) -> str:
    """The key of a brand's image. Raises InvalidRequest if it was not uploaded."""
    key = getattr(image, "key", None)
    if not isinstance(key, str):
        raise InvalidRequest("an image of the brand was not uploaded to the object store")
    return key
