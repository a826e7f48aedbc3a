#!/usr/bin/env python3
"""Draws the logos and product images of the sample campaigns beside their YAML files.

    python examples/campaigns/draw_brand_kits.py

The same code gives the same images. Commit the images together with a change of their drawing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import typer
from brand_art import ball_trio, balloon, burger, kit_bag, logos, milkshake, pie, snow_globe, suitcase, trainer
from PIL import Image

HERE = Path(__file__).resolve().parent

IMAGES: Mapping[str, Callable[[], Image.Image]] = {
    "farholm/logo.png": logos.farholm,
    "farholm/suitcase.png": suitcase.draw,
    "farholm/balloon.png": balloon.draw,
    "farholm/snow-globe.png": snow_globe.draw,
    "kestrun/logo.png": logos.kestrun,
    "kestrun/ball-trio.png": ball_trio.draw,
    "kestrun/trainer.png": trainer.draw,
    "kestrun/kit-bag.png": kit_bag.draw,
    "marrowby/logo.png": logos.marrowby,
    "marrowby/pie.png": pie.draw,
    "marrowby/burger.png": burger.draw,
    "marrowby/milkshake.png": milkshake.draw,
}
"""Each image's path beside this script, and what draws it."""


def main() -> None:
    """Draws every image."""
    for name, draw in IMAGES.items():
        target = HERE / name
        target.parent.mkdir(exist_ok=True)
        draw().save(target, optimize=True)
        typer.echo(f"{name}  {target.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
