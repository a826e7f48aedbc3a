"""An ad as the HTML that a template service would render: the same boxes, words, fonts, images and shapes."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from bench.composer.requests import CAMPAIGNS
from imaging.colour import RgbColour
from imaging.composer.compose import Composed, Material
from imaging.composer.grounds import paint_ground
from imaging.composer.paint.brush import Point, Sheet
from imaging.composer.paint.outlines import outlines
from imaging.composer.scene.geometry import WIDTH, Rect
from imaging.composer.scene.scene import Scene
from imaging.pixels import Levels
from schemas.images import Size


@dataclass
class Drawing:
    """A ground as SVG in units. Its soft shadows, which are expensive in a browser, are left out."""

    height: float
    scale: float = 1.0
    shapes: list[str] = field(default_factory=list)
    base: str = ""

    def polygon(self, points: Sequence[Point], colour: RgbColour) -> None:
        """Fill a polygon."""
        corners = " ".join(f"{across:.1f},{down:.1f}" for across, down in points)
        self.shapes.append(f"<polygon points='{corners}' fill='rgb{colour}'/>")

    def circle(self, centre: Point, radius: float, colour: RgbColour) -> None:
        """Fill a disc."""
        place = f"cx='{centre[0]:.1f}' cy='{centre[1]:.1f}' r='{max(radius, 0):.1f}'"
        self.shapes.append(f"<circle {place} fill='rgb{colour}'/>")

    def ring(self, centre: Point, radius: float, thickness: float, colour: RgbColour) -> None:
        """Draw a ring."""
        self.circle(centre, radius, colour)
        self.shapes[-1] = self.shapes[-1].replace(" fill=", f" fill='none' stroke-width='{thickness:.1f}' stroke=")

    def sector(self, centre: Point, radius: float, degrees: tuple[float, float], colour: RgbColour) -> None:
        """Fill a sector."""
        turns = np.deg2rad(np.linspace(*degrees, 32))
        rim = [(centre[0] + radius * np.cos(turn), centre[1] + radius * np.sin(turn)) for turn in turns]
        self.polygon([centre, *rim], colour)

    def wash(self, grid: Sequence[Sequence[RgbColour]]) -> None:
        """Paint the ground as a gradient."""
        first, last = grid[0][0], grid[-1][-1]
        self.base = f"background:linear-gradient(170deg,rgb{first},rgb{grid[len(grid) // 2][0]},rgb{last})"

    def blank(self) -> Levels:
        """A mask that the page does not use."""
        return np.zeros((8, 8), np.uint8)

    @property
    def pixels(self) -> Levels:
        """Black pixels, for a ground that reads what it has painted."""
        return np.zeros((32, 32, 3), np.uint8)

    def darken(self, mask: Levels, strength: float, box: Rect | None = None) -> None:
        """A shadow: left out."""


def page(composed: Composed, material: Material, size: Size) -> str:
    """The document."""
    scene, unit = composed.scene, size.width / WIDTH
    parts = [
        "<!doctype html><meta charset='utf-8'>",
        "<style>*{position:absolute;white-space:pre;line-height:1}</style>",
        f"<body lang='{scene.language}' style='margin:0;background:rgb{scene.outside}'>",
        _artwork(composed, size),
        *_flat(scene, unit),
        *_images(scene, material, unit),
        *_words(scene, unit),
    ]
    return "".join(parts)


def _artwork(composed: Composed, size: Size) -> str:
    """The ground as an inline SVG, cut to its window."""
    scene = composed.scene
    drawing = Drawing(scene.height)
    paint_ground(cast("Sheet", drawing), scene.axes.ground, composed.scheme, scene.axes.detail)
    windows = outlines(scene.window, scene.corner, mirrored=scene.axes.flipped != scene.rtl)
    cuts = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in outline) + "Z" for outline in windows)
    covers = scene.corner == "square" and scene.window.width >= WIDTH and scene.window.height >= scene.height - 1
    clip = "" if covers else "clip-path:url(#w);"
    definition = "" if covers else f"<defs><clipPath id='w'><path d='{cuts}'/></clipPath></defs>"
    whole = f"left:0;top:0;width:{size.width}px;height:{size.height}px;"
    box = f"viewBox='0 0 1000 {scene.height:.1f}' preserveAspectRatio='none' style='{whole}'"
    wash = (
        f"<foreignObject width='1000' height='{scene.height:.1f}'><div style='width:100%;height:100%;{drawing.base}'>"
    )
    return f"<svg {box}>{definition}<g style='{clip}'>{wash}</div></foreignObject>{''.join(drawing.shapes)}</g></svg>"


def _flat(scene: Scene, unit: float) -> list[str]:
    """Disc, panel, rule, veils and button."""
    parts = []
    if scene.disc is not None:
        parts.append(_box(scene.disc, unit, f"background:rgb{scene.disc_fill};border-radius:50%"))
    if scene.panel is not None:
        round_ = f"border-radius:{scene.panel.corner * unit:.1f}px"
        parts.append(_box(scene.panel.box, unit, f"background:rgb{scene.panel.fill};{round_}"))
    if scene.rule is not None:
        parts.append(_box(scene.rule, unit, f"background:rgb{scene.rule_fill}"))
    for scrim in scene.scrims:
        top = min(box.top for box in scrim.boxes)
        veil = Rect(left=0, top=top - 90, right=WIDTH, bottom=scene.height)
        red, green, blue = scrim.colour
        fade = f"linear-gradient(rgba({red},{green},{blue},0),rgba({red},{green},{blue},{scrim.strength}) 25%)"
        parts.append(_box(veil, unit, f"background:{fade}"))
    if scene.button is not None:
        parts.append(_box(scene.button.box, unit, f"background:rgb{scene.button.fill};border-radius:9px"))
    return parts


def _images(scene: Scene, material: Material, unit: float) -> list[str]:
    """Logo, and the product with a drop shadow."""
    brand = material.brand
    parts = []
    if scene.logo is not None:
        if scene.logo.plate is not None:
            parts.append(_box(scene.logo.box.grown(14), unit, f"background:rgb{scene.logo.plate};border-radius:8px"))
        parts.append(_image(scene.logo.box, brand.logo.path, unit, ""))
    if scene.product is not None:
        name = brand.products[scene.axes.product % len(brand.products)].path
        reach = 0.02 * scene.product.box.height * unit
        shadow = f"filter:drop-shadow(0 {reach:.1f}px {reach:.1f}px rgba(0,0,0,.26));"
        parts.append(_image(scene.product.box, name, unit, f"{shadow}transform:rotate({scene.product.tilt}deg)"))
    return parts


def _words(scene: Scene, unit: float) -> list[str]:
    parts = []
    for block in scene.blocks:
        for line in block.lines:
            place = f"left:{line.left * unit:.1f}px;top:{(line.baseline - 0.8 * block.size) * unit:.1f}px;"
            face = f"font:{block.weight} {block.size * unit:.1f}px '{block.family}';color:rgb{block.ink}"
            parts.append(f'<div style="{place}{face}">{html.escape(line.text)}</div>')
    return parts


def _image(box: Rect, name: str, unit: float, more: str) -> str:
    source = (CAMPAIGNS / name).as_uri()
    return f"<img src='{source}' style='{_at(box, unit)}object-fit:contain;{more}'>"


def _box(box: Rect, unit: float, style: str) -> str:
    return f"<div style='{_at(box, unit)}{style}'></div>"


def _at(box: Rect, unit: float) -> str:
    return (
        f"left:{box.left * unit:.1f}px;top:{box.top * unit:.1f}px;"
        f"width:{box.width * unit:.1f}px;height:{box.height * unit:.1f}px;"
    )
