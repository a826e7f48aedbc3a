"""Runs the network: an image in, the image two or four times as large out, tile by tile so that memory is bounded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from threading import Lock
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from imaging.pixels import RgbImage
from infra.providers.real_esrgan.models import INSTALL, Factor, network_files
from schemas.errors import BadOutput, InvalidRequest
from schemas.images import Size

CONTEXT: Final = 20
"""Pixels around a tile. Eighteen 3 x 3 convolutions look 18 pixels far, the halving of ×2 one more: no seams."""
LONGEST_TILE: Final = 256
"""Pixels of a tile's side without its context. Enlarging a tile takes about 200 MB, which grow with the area."""
_INPUT: Final = "data"
_OUTPUT: Final = "output"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one axis in pixels: what is read, and which part of it is kept."""

    read_from: int
    read_to: int
    keep_from: int
    keep_to: int


@dataclass(frozen=True, slots=True)
class Tile:
    """A rectangle to enlarge: the part that is kept, and the context that is read around it."""

    rows: Span
    columns: Span


class Upscaler:
    """Real-ESRGAN with weights for `factor`, on `threads` cores. Safe to use from several threads.

    The network is read at the first image. The same pixels give the same image on the same kind of processor;
    another instruction set may round differently.
    """

    def __init__(self, factor: Factor, threads: int = 1, longest_tile: int = LONGEST_TILE) -> None:
        self.factor: Final = factor
        self._threads = threads
        self._longest_tile = longest_tile
        self._network: Any = None
        self._reading = Lock()

    def enlarge(self, pixels: RgbImage) -> RgbImage:
        """`pixels` (height x width x 3, sRGB), enlarged `factor` times.

        Raises InvalidRequest where the extra is not installed, BadOutput where the network gives nothing.
        """
        network = self._ready()
        height, width = pixels.shape[:2]
        enlarged = RgbImage(np.empty((height * self.factor, width * self.factor, 3), np.uint8))
        for tile in tiles(height, width, self._longest_tile, CONTEXT):
            self._fill(enlarged, pixels, tile, network)
        return enlarged

    def _fill(self, enlarged: RgbImage, pixels: RgbImage, tile: Tile, network: Any) -> None:
        rows, columns, factor = tile.rows, tile.columns, self.factor
        read = RgbImage(pixels[rows.read_from : rows.read_to, columns.read_from : columns.read_to])
        made = _run(network, read)
        top, left = (rows.keep_from - rows.read_from) * factor, (columns.keep_from - columns.read_from) * factor
        high, wide = (rows.keep_to - rows.keep_from) * factor, (columns.keep_to - columns.keep_from) * factor
        kept = made[:, top : top + high, left : left + wide].transpose(1, 2, 0)
        place = enlarged[rows.keep_from * factor :, columns.keep_from * factor :][:high, :wide]
        np.copyto(place, np.rint(np.clip(kept * 255.0, 0.0, 255.0)), casting="unsafe")

    def _ready(self) -> Any:
        with self._reading:
            if self._network is None:
                self._network = _read_network(self.factor, self._threads)
            return self._network


def resized(pixels: RgbImage, size: Size) -> RgbImage:
    """`pixels` in exactly `size`: by area where they shrink, by Lanczos where they grow."""
    height, width = pixels.shape[:2]
    if (width, height) == (size.width, size.height):
        return pixels
    method = cv2.INTER_AREA if size.width <= width and size.height <= height else cv2.INTER_LANCZOS4
    return RgbImage(np.asarray(cv2.resize(pixels, (size.width, size.height), interpolation=method), np.uint8))


def tiles(height: int, width: int, longest: int, context: int) -> Iterator[Tile]:
    """Tiles that cover `height` x `width` pixels once, of about equal size, each side at most `longest`.

    Each tile is read with `context` pixels more on all sides, but not beyond the image: a network that pads there
    by itself then sees of each tile's surroundings what it would see of the whole image's.
    """
    columns = tuple(_spans(width, longest, context))
    for rows in _spans(height, longest, context):
        for across in columns:
            yield Tile(rows, across)


def _spans(length: int, longest: int, context: int) -> Iterator[Span]:
    count = ceil(length / longest)
    cuts = [length * index // count for index in range(count + 1)]
    for start, end in pairwise(cuts):
        yield Span(max(0, start - context), min(length, end + context), start, end)


def _read_network(factor: Factor, threads: int) -> Any:
    layers, weights = network_files(factor)
    try:
        import ncnn  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise InvalidRequest(f"ncnn cannot be loaded ({error}): {INSTALL}") from error
    network = ncnn.Net()
    network.opt.use_vulkan_compute = False
    network.opt.num_threads = threads
    if network.load_param(str(layers)) or network.load_model(str(weights)):
        raise BadOutput(f"ncnn cannot read the network {layers.stem}; install the extra `neural` again")
    return network


def _run(network: Any, pixels: RgbImage) -> npt.NDArray[np.float32]:
    """The network's output for `pixels`: 3 x height x width, 0 to 1 but for overshoot."""
    import ncnn  # noqa: PLC0415 - an optional extra, loaded by now

    planes = np.ascontiguousarray(pixels.transpose(2, 0, 1), np.float32) / np.float32(255.0)
    extractor = network.create_extractor()
    extractor.input(_INPUT, ncnn.Mat(planes))
    failed, made = extractor.extract(_OUTPUT)
    if failed:
        raise BadOutput(f"ncnn gave no image (code {failed}); is there memory left?")
    return np.asarray(made, np.float32)
