"""A sheet of paper in the brand's colour: fibres, soft creases, darker corners, and often a torn sheet on it."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import cv2
import numpy as np

from imaging.colour import RgbColour, mix, oklab_distance
from imaging.composer.colour.harmony import blend
from imaging.composer.colour.scheme import Scheme
from imaging.composer.grounds.curves import Points
from imaging.composer.paint.brush import Sheet, blurred
from imaging.composer.scene.geometry import WIDTH
from imaging.pixels import Floats, Levels

_CELLS: Final = 80
"""Cells across of the grid on which light and creases are computed: coarse, because they are soft."""
_FOLD: Final = 9.0
_CREASE: Final = 6.0
"""Levels between the two sides of a fold (of a sheet that was folded flat) and of a crease."""
_CORNERS: Final = 16.0
"""Levels by which the corners are darker."""
_ROWS: Final = 96
"""Rows that are changed at a time: they stay in the processor's cache."""
FLAT: Final = 64
"""The value of no change in a relief of bytes."""
_LEVELS: Final = np.arange(256) - 2 * FLAT
_LIGHTER: Final = np.clip(_LEVELS, 0, 255).astype(np.uint8)
_DARKER: Final = np.clip(-_LEVELS, 0, 255).astype(np.uint8)
"""What the sum of two reliefs of bytes adds to a pixel, and what it subtracts."""
_SHADOW: Final = 0.3
_TEARS: Final = (
    (0.0, (0.1, 0.6)),
    (0.0, (0.1, 0.6)),
    (np.pi, (0.25, 0.65)),
    (np.pi / 2, (0.5, 0.8)),
    (-np.pi / 2, (0.5, 0.8)),
)
"""Where an edge is torn: its heading (the sheet is below, above, on the left, on the right of it), and how far out, as
shares of the way from the middle to the image's edge: where copy is least often."""
_TORN: Final = 0.055
"""The least Oklab distance from the sheet below at which a torn sheet is visible."""
Relief = Floats
"""Levels by which each pixel is lighter or darker than the sheet: height x width."""
TILE: Final = 640
"""Units along each side of the tile, and pixels at its finest."""
_FIBRES: Final = 620
_LENGTH: Final = (10.0, 46.0)
"""The range of a fibre's length, in units."""
_BEND: Final = 0.5
"""Radians by which a fibre bends from one third of its length to the next (standard deviation)."""
_RELIEF_LEVELS: Final = (("fibre", 7.0), ("grain", 2.2), ("cloud", 1.3))
"""Levels of each: a fibre's at its middle, the others' standard deviation."""
COARSEST_PART: Final = 4
"""Units of a pixel of the tile at its coarsest."""


def paint(sheet: Sheet, scheme: Scheme, draw: np.random.Generator) -> None:
    """Paint the whole sheet."""
    sheet.wash([[scheme.tones[1], scheme.tones[2]], [scheme.tones[1], scheme.tones[1]]])
    kind = int(draw.integers(0, 4))
    if kind >= 2:  # noqa: PLR2004 - every second sheet has a torn one on it
        _torn(sheet, scheme, draw, narrow=kind == 3)  # noqa: PLR2004 - of these, every second one a strip
    light = _corners(sheet) + (_folds(sheet, draw) if kind == 0 else _creases(sheet, draw))
    _laid(sheet, light, draw)


def _grid(sheet: Sheet) -> tuple[Relief, Relief]:
    """The positions of the cells in units: across and down."""
    rows = max(round(_CELLS * sheet.height / WIDTH), 2)
    across = (np.arange(_CELLS, dtype=np.float32) + 0.5) * np.float32(WIDTH / _CELLS)
    down = (np.arange(rows, dtype=np.float32) + 0.5) * np.float32(sheet.height / rows)
    return across[None, :], down[:, None]


def _corners(sheet: Sheet) -> Relief:
    across, down = _grid(sheet)
    away = (across / (WIDTH / 2) - 1) ** 2 + (down / (sheet.height / 2) - 1) ** 2
    return np.asarray(-_CORNERS * (away / 2) ** 1.5, np.float32)


def _folds(sheet: Sheet, draw: np.random.Generator) -> Relief:
    """A poster that was folded: once or more each way, alternately forward and back."""
    across, down = _grid(sheet)
    long = max(1, round(sheet.height / WIDTH * 2) - 1)
    wide = max(1, round(WIDTH / sheet.height * 2) - 1)
    relief = np.zeros((down.size, across.size), np.float32)
    for places, size, count in ((across, WIDTH, wide), (down, sheet.height, long)):
        for fold in range(count):
            away = places - np.float32(size * (fold + 1) / (count + 1) + draw.uniform(-6, 6))
            relief += _step(away, 120.0) * np.float32(_FOLD * (-1) ** fold * draw.choice((-1.0, 1.0)))
    return relief


def _creases(sheet: Sheet, draw: np.random.Generator) -> Relief:
    """A few soft creases that end within the sheet."""
    across, down = _grid(sheet)
    unit = min(WIDTH, sheet.height)
    relief = np.zeros((down.size, across.size), np.float32)
    for _ in range(5):
        heading = draw.uniform(0, np.pi)
        centre = draw.uniform(0, WIDTH), draw.uniform(0, sheet.height)
        along = (across - centre[0]) * np.cos(heading) + (down - centre[1]) * np.sin(heading)
        away = (down - centre[1]) * np.cos(heading) - (across - centre[0]) * np.sin(heading)
        ends = np.exp(-((along / (unit * draw.uniform(0.25, 0.6))) ** 2))
        relief += (_step(away, draw.uniform(60, 160)) * ends * draw.uniform(0.5, 1.0) * _CREASE).astype(np.float32)
    return relief


def _step(away: Relief, reach: float) -> Relief:
    """Light on one side of a crease and shadow on the other, fading over `reach` units."""
    return np.asarray(np.tanh(away / 5) * np.exp(-np.abs(away) / np.float32(reach)), np.float32)


def _laid(sheet: Sheet, light: Relief, draw: np.random.Generator) -> None:
    """Add light and fibres to the pixels: in bytes, at a tenth of the cost of floats."""
    size = (sheet.pixels.shape[1], sheet.pixels.shape[0])
    relief = cv2.resize(_fibres(sheet, draw), size, interpolation=cv2.INTER_LINEAR)
    soft = cv2.resize(np.rint(light + FLAT).astype(np.uint8), size, interpolation=cv2.INTER_LINEAR)
    cv2.add(relief, soft, dst=relief)
    for top in range(0, size[1], _ROWS):
        part, change = sheet.pixels[top : top + _ROWS], relief[top : top + _ROWS]
        lighter, darker = cv2.LUT(change, _LIGHTER), cv2.LUT(change, _DARKER)
        cv2.add(part, cv2.merge((lighter, lighter, lighter)), dst=part)
        cv2.subtract(part, cv2.merge((darker, darker, darker)), dst=part)


def _fibres(sheet: Sheet, draw: np.random.Generator) -> Levels:
    """A part of the endlessly repeated tile, from a random start and in one of eight orientations."""
    tile = fibres(sheet.scale)
    part = tile.shape[0] / TILE
    start, way = draw.integers(0, TILE // COARSEST_PART, 2) * COARSEST_PART, int(draw.integers(0, 8))
    turned = np.rot90(tile.T if way >= 4 else tile, way % 4)  # noqa: PLR2004 - four ways, and four of its mirror image
    rolled = np.roll(turned, tuple(round(float(at) * part) for at in start), (0, 1))
    wide, high = (max(round(length * part), 2) for length in (WIDTH, sheet.height))
    down, across = max(high - rolled.shape[0], 0), max(wide - rolled.shape[1], 0)
    endless = cv2.copyMakeBorder(rolled, 0, down, 0, across, cv2.BORDER_WRAP)
    return np.asarray(endless[:high, :wide], np.uint8)


def _torn(sheet: Sheet, scheme: Scheme, draw: np.random.Generator, *, narrow: bool) -> None:
    """Paint another sheet in a farther tone, torn along one edge or, as a strip, along two."""
    fill = _other(scheme)
    centre = np.array((WIDTH / 2, sheet.height / 2))
    reach = float(np.hypot(WIDTH, sheet.height))
    side, out = _TEARS[int(draw.integers(0, len(_TEARS)))]
    heading = side + draw.uniform(-0.2, 0.2)
    normal = np.array((-np.sin(heading), np.cos(heading)))
    depth = abs(normal[0]) * WIDTH / 2 + abs(normal[1]) * sheet.height / 2
    near = depth * draw.uniform(*out)
    far = near + depth * draw.uniform(0.3, 0.45) if narrow else 2 * reach
    edges = [centre + normal * near + _edge(heading, reach, draw), centre + normal * far + _edge(heading, reach, draw)]
    rims = [_rags(len(edge), draw) * normal for edge in edges]
    _shadow(sheet, np.concatenate((edges[0], edges[1][::-1])))
    rim = mix(fill, scheme.plates[0] if oklab_distance(fill, scheme.plates[0]) < 0.5 else scheme.glow, 0.35)  # noqa: PLR2004
    sheet.polygon(np.concatenate((edges[0], edges[1][::-1])), rim)
    sheet.polygon(np.concatenate((edges[0] + rims[0], (edges[1] - rims[1])[::-1])), fill)


def _other(scheme: Scheme) -> RgbColour:
    """The farthest of the artwork's tones, or a mixture if that is too similar to the sheet's own."""
    fill = max(scheme.tones, key=lambda tone: oklab_distance(tone, scheme.tones[1]))
    return fill if oklab_distance(fill, scheme.tones[1]) >= _TORN else blend(fill, scheme.glow, 0.25)


def _edge(heading: float, reach: float, draw: np.random.Generator) -> Points:
    """A torn line through the origin, with slow waves and small irregularities."""
    along = np.arange(-reach, reach, 7.0)
    slow = np.interp(along, np.linspace(-reach, reach, 16), draw.normal(0, 14, 16))
    away = slow + draw.normal(0, 1.6, along.size)
    return np.stack(
        (along * np.cos(heading) - away * np.sin(heading), along * np.sin(heading) + away * np.cos(heading)), axis=1
    )


def _rags(count: int, draw: np.random.Generator) -> Points:
    """The visible width of the paper's paler core along an edge, in units: n x 1."""
    slow = np.interp(np.arange(count), np.arange(0, count + 9, 9), draw.uniform(1, 13, len(range(0, count + 9, 9))))
    return np.asarray((slow + np.abs(draw.normal(0, 1.2, count)))[:, None], np.float64)


def _shadow(sheet: Sheet, outline: Points) -> None:
    mask = sheet.blank()
    moved = np.add(outline, (4, 9)) * sheet.scale * mask.shape[1] / sheet.pixels.shape[1]
    cv2.fillPoly(mask, [np.rint(moved).astype(np.int32)], 255)
    sheet.darken(blurred(mask, 10 * sheet.scale / 4), _SHADOW)


@lru_cache(maxsize=8)
def fibres(scale: float) -> Levels:
    """The tile for sheets of `scale` pixels a unit, around `FLAT`: the coarsest of its sizes that is fine enough."""
    part = next((part for part in (COARSEST_PART, 2) if scale * part <= 1), 1)
    small = cv2.resize(_tile(), (TILE // part, TILE // part), interpolation=cv2.INTER_AREA)
    return np.asarray(np.rint(np.clip(small + FLAT, 0, 2 * FLAT)), np.uint8)


@lru_cache(maxsize=1)
def _tile() -> Relief:
    """The tile at its finest, one for all images: fibres, grain and the cloudiness of the pulp."""
    draw = np.random.Generator(np.random.PCG64(1))
    levels = dict(_RELIEF_LEVELS)
    grain = draw.normal(0, levels["grain"], (TILE, TILE)).astype(np.float32)
    cloud = _wrapped_blur(draw.normal(0, 1, (TILE, TILE)).astype(np.float32), 14.0)
    cloud *= levels["cloud"] / float(cloud.std())
    fibre = _strokes(draw) * np.float32(levels["fibre"] / 255)
    return np.asarray(_wrapped_blur(grain, 0.6) + cloud + fibre, np.float32)


def _strokes(draw: np.random.Generator) -> Relief:
    """Fibres, -255 to 255, two of three darker than the sheet. Those that leave the tile enter on its other side."""
    light, dark = np.zeros((2, 3 * TILE, 3 * TILE), np.uint8)
    for index in range(_FIBRES):
        start, heading = draw.uniform(TILE, 2 * TILE, 2), draw.uniform(0, 2 * np.pi)
        turns = heading + np.cumsum(draw.normal(0, _BEND, 3))
        steps = np.stack((np.cos(turns), np.sin(turns)), axis=1) * draw.uniform(*_LENGTH) / 3
        path = np.concatenate(([start], start + np.cumsum(steps, axis=0))) * 16
        where, shade = light if index % 3 == 0 else dark, int(draw.integers(70, 255))
        cv2.polylines(where, [np.rint(path).astype(np.int32)], False, shade, 1, cv2.LINE_AA, 4)  # noqa: FBT003
    one, other = (wide.reshape(3, TILE, 3, TILE).max(axis=(0, 2)).astype(np.float32) for wide in (light, dark))
    return np.asarray(one - other, np.float32)


def _wrapped_blur(tile: Relief, sigma: float) -> Relief:
    """A Gaussian blur over the tile's edges."""
    rim = int(4 * sigma) + 1
    wide = cv2.copyMakeBorder(tile, rim, rim, rim, rim, cv2.BORDER_WRAP)
    return np.asarray(cv2.GaussianBlur(wide, (0, 0), sigma)[rim:-rim, rim:-rim], np.float32)
