"""Moving, painting over and pasting parts of an image."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from bench.eye.defect_images import SampleAd
from imaging.pixels import BgrImage, Mask
from schemas.images import Box

_PAINTED_AT: Final = 4
"""How many times smaller the image is in which a hole is filled: what fills it is smooth."""
_TEXT: Final = ("headline", "line", "call_to_action", "legal", "logo")


def rectangle(box: Box, shape: tuple[int, ...], rim: float = 0.012) -> tuple[slice, slice]:
    """Rows and columns of `box`, with a rim that is a share of the longer side."""
    height, width = shape[:2]
    wide = round(rim * max(height, width))
    rows = slice(max(0, int(box.top * height) - wide), min(height, round(box.bottom * height) + wide))
    return rows, slice(max(0, int(box.left * width) - wide), min(width, round(box.right * width) + wide))


def painted_over(pixels: BgrImage, hole: Mask) -> BgrImage:
    """`pixels` with `hole` filled from its surroundings (A. Telea, 2004)."""
    height, width = hole.shape
    size = (width // _PAINTED_AT, height // _PAINTED_AT)
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    gap = cv2.resize(hole.astype(np.uint8), size, interpolation=cv2.INTER_AREA)
    gap = cv2.dilate((gap > 0).astype(np.uint8), np.ones((3, 3), np.uint8))
    filled = cv2.resize(cv2.inpaint(small, gap, 3, cv2.INPAINT_TELEA), (width, height), interpolation=cv2.INTER_CUBIC)
    return np.where(hole[..., None], filled, pixels).astype(np.uint8)


def moved(pixels: BgrImage, box: Box, way: float, rng: np.random.Generator) -> BgrImage:
    """The content of `box` in another place: `way` is a share of the longer side; the direction stays inside."""
    rows, columns = rectangle(box, pixels.shape)
    step = round(way * max(pixels.shape[:2]))
    directions = [(step, 0), (-step, 0), (0, step), (0, -step)]
    inside = [
        (down, across)
        for down, across in directions
        if rows.start + down >= 0
        and rows.stop + down <= pixels.shape[0]
        and columns.start + across >= 0
        and columns.stop + across <= pixels.shape[1]
    ]
    down, across = inside[int(rng.integers(len(inside)))] if inside else (step, 0)
    hole = np.zeros(pixels.shape[:2], dtype=np.bool_)
    hole[rows, columns] = True
    ground = painted_over(pixels, hole)
    layer, cover = np.zeros_like(pixels), np.zeros(pixels.shape[:2], dtype=np.float32)
    layer[rows, columns], cover[rows, columns] = pixels[rows, columns], 1.0
    matrix = np.array([[1.0, 0.0, across], [0.0, 1.0, down]])
    size = pixels.shape[1::-1]
    soft = cv2.warpAffine(cv2.GaussianBlur(cover, (0, 0), 2.0), matrix, size)[..., None]
    slid = cv2.warpAffine(layer, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(np.rint(ground * (1.0 - soft) + slid * soft), dtype=np.uint8)


def clear_place(image: SampleAd, diameter: int, rng: np.random.Generator) -> tuple[int, int]:
    """The place of a thing of `diameter` pixels (its top left corner): on the product, or beside all text."""
    height, width = image.final.shape[:2]
    product = next((region.box for region in image.final_regions if region.role == "product"), None)
    if product is not None:
        middle = (product.top + product.bottom) / 2 * height, (product.left + product.right) / 2 * width
        corner = (round(middle[0] - diameter / 2), round(middle[1] - diameter / 2))
        return min(max(0, corner[0]), height - diameter), min(max(0, corner[1]), width - diameter)
    taken = np.zeros((height, width), dtype=np.float32)
    for region in image.final_regions:
        if region.role in _TEXT:
            taken[rectangle(region.box, taken.shape)] = 1.0
    free = cv2.boxFilter(taken, -1, (diameter, diameter), anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
    free = free[: height - diameter, : width - diameter]
    places = np.argwhere(free[: height // 2] <= free[: height // 2].min() + 1e-6)
    top, left = places[int(rng.integers(len(places)))]
    return int(top), int(left)


def pasted(pixels: BgrImage, thing: BgrImage, corner: tuple[int, int], diameter: int) -> BgrImage:
    """`pixels` with the middle of `thing` on a disc of `diameter` pixels, its edge soft."""
    side = min(thing.shape[:2])
    top, left = (thing.shape[0] - side) // 2, (thing.shape[1] - side) // 2
    scaled = cv2.resize(thing[top : top + side, left : left + side], (diameter, diameter), interpolation=cv2.INTER_AREA)
    disc = np.zeros((diameter, diameter), dtype=np.float32)
    cv2.circle(disc, (diameter // 2, diameter // 2), diameter // 2 - 2, 1.0, -1, cv2.LINE_AA)
    soft = cv2.GaussianBlur(disc, (0, 0), 1.5)[..., None]
    out = pixels.copy()
    place = out[corner[0] : corner[0] + diameter, corner[1] : corner[1] + diameter]
    place[...] = np.rint(place * (1.0 - soft) + scaled * soft).astype(np.uint8)
    return out
