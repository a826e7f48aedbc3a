"""A geometric pattern after the Bauhaus: quarter circles, half circles, triangles and dots on a grid."""

from __future__ import annotations

import numpy as np

from imaging.colour import RgbColour
from imaging.composer.colour.harmony import blend
from imaging.composer.colour.scheme import Scheme
from imaging.composer.paint.brush import Sheet
from imaging.composer.scene.geometry import WIDTH, Rect


def paint(sheet: Sheet, scheme: Scheme, draw: np.random.Generator) -> None:
    """Paint the whole sheet."""
    columns = int(draw.integers(4, 6))
    side = WIDTH / columns
    spark = blend(scheme.tones[2], scheme.spark, 0.8)
    for row in range(int(np.ceil(sheet.height / side))):
        for column in range(columns):
            cell = Rect(left=column * side, top=row * side, right=(column + 1) * side, bottom=(row + 1) * side)
            first, second = (int(value) for value in draw.permutation(len(scheme.tones))[:2])
            front = spark if draw.uniform() < 0.12 else scheme.tones[second]  # noqa: PLR2004 - one tile in eight
            _tile(sheet, cell, (scheme.tones[first], front), draw)


def _tile(sheet: Sheet, cell: Rect, colours: tuple[RgbColour, RgbColour], draw: np.random.Generator) -> None:
    corners = ((cell.left, cell.top), (cell.right, cell.top), (cell.right, cell.bottom), (cell.left, cell.bottom))
    sheet.polygon(corners, colours[0])
    corner, motif = int(draw.integers(0, 4)), int(draw.integers(0, 5))
    if motif in {0, 1}:
        sheet.sector(corners[corner], cell.width - 1, (90.0 * corner, 90.0 * corner + 90), colours[1])
    elif motif == 2:  # noqa: PLR2004 - the motif's number
        edges = ((0.5, 0.0, 0.0), (1.0, 0.5, 90.0), (0.5, 1.0, 180.0), (0.0, 0.5, 270.0))
        across, down, turn = edges[corner]
        centre = (cell.left + across * cell.width, cell.top + down * cell.height)
        sheet.sector(centre, cell.width / 2 - 0.5, (turn, turn + 180), colours[1])
    elif motif == 3:  # noqa: PLR2004 - the motif's number
        sheet.polygon([corners[corner], corners[(corner + 1) % 4], corners[(corner + 3) % 4]], colours[1])
    else:
        sheet.circle(cell.centre, cell.width * 0.3, colours[1])
