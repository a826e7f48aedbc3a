"""Drift in structure, place and colour: how far a refinement left the candidate that won."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from imaging.ciede2000 import ciede2000, ciede2000_of_images
from imaging.measures.brand.dominant import dominant_colours, palette_distance
from imaging.measures.brand.palette_table import NO_SIGNATURE, SIGNATURE_ROLES, PaletteTable, cells_of, table_of
from imaging.measures.check import Scale
from imaging.measures.drift.kept import fit_kept
from imaging.measures.drift.pairing import Pair, pair, same_ratio
from imaging.measures.drift.registration import register
from imaging.measures.drift.structure import SPOT_SIDE, layout_distance
from imaging.measures.subject import TINY_LONG_SIDE, Subject
from imaging.pixels import BgrImage, Doubles, Levels, Mask, middle, shrink, to_lab
from schemas.scorecards import Measurement

STRUCTURE: Final = Scale("drift.structure", "SSIM", -1.0, 1.0, "higher")
EDGES: Final = Scale("drift.edges", "correlation", -1.0, 1.0, "higher")
SPOT: Final = Scale("drift.spot", "correlation", -1.0, 1.0, "higher")
LAYOUT: Final = Scale("drift.layout", "share of edge energy", 0.0, 1.0, "lower")
ZOOM: Final = Scale("drift.zoom", "share of the size", 0.0, 10.0, "lower")
SHIFT: Final = Scale("drift.shift", "share of the longer side", 0.0, 2.0, "lower")
PLACES: Final = Scale("drift.colour_places", "CIEDE2000", 0.0, 200.0, "lower")
COLOUR_SPOT: Final = Scale("drift.colour_spot", "CIEDE2000", 0.0, 200.0, "lower")
GRADE: Final = Scale("drift.grade", "CIEDE2000", 0.0, 200.0, "lower")
PALETTE: Final = Scale("drift.palette", "CIEDE2000", 0.0, 200.0, "lower")
BRAND: Final = Scale("drift.brand_coverage", "share of pixels", -1.0, 1.0, "higher")
BRAND_COLOUR: Final = Scale("drift.brand_colour", "CIEDE2000", 0.0, 200.0, "lower")
BRAND_ROLES: Final = {
    role: Scale(f"drift.brand_colour.{role}", "CIEDE2000", 0.0, 200.0, "lower") for role in SIGNATURE_ROLES
}

LEAST_SHARE: Final = 0.004
"""Share of an image below which a colour is not there: at 128 pixels, 65 of them; anti-aliased rims are no area."""
_SMOOTHED: Final = 5
"""Pixels over which colours are averaged before they are compared, so that grain and a shifted edge do not count."""


class StructureAndColourDrift:
    """Structure, place and colours of a refinement beside its candidate, where the image was to be kept.

    In another format the layout is new; then only the palette and the brand's share are compared.
    """

    name: Final = "drift"
    version: Final = "2"
    scales: Final = (
        STRUCTURE, EDGES, SPOT, LAYOUT, ZOOM, SHIFT, PLACES, COLOUR_SPOT, GRADE, PALETTE, BRAND, BRAND_COLOUR,
        *BRAND_ROLES.values(),
    )  # fmt: skip

    def measure(self, refinement: Subject, candidate: Subject, kept: Mask | None = None) -> tuple[Measurement, ...]:
        """The drift of `refinement` from `candidate`; the brand's palette is the refinement's."""
        if not same_ratio(refinement, candidate):
            return self._palette(refinement, candidate, None)
        both = pair(refinement, candidate)
        part = fit_kept(kept, both.now.shape[1::-1]) if kept is not None else None
        if kept is not None and part is None:
            return ()
        return (
            *self._structure(both, part),
            *self._colours(both, refinement, part),
            *self._palette(refinement, candidate, kept),
        )

    def _structure(self, both: Pair, kept: Mask | None) -> tuple[Measurement, ...]:
        first, second = both.greys
        likeness = both.likeness
        least, (across, down) = likeness.worst_spot(kept)
        return (
            STRUCTURE.reading(likeness.mean(kept), self),
            EDGES.reading(likeness.edge_mean(kept), self),
            SPOT.reading(least, self, f"at {across:.0%} from the left and {down:.0%} from the top"),
            LAYOUT.reading(layout_distance(first, second, kept), self),
            *(self._place(first, second) if kept is None else ()),
        )

    def _place(self, now: Levels, before: Levels) -> tuple[Measurement, ...]:
        """A crop or a shift of the whole image, where the two fit over each other at all."""
        found = register(now, before)
        if found is None:
            return ()
        shown = 1.0 / found.scale
        return (
            ZOOM.reading(max(shown, found.scale) - 1.0, self, f"shown {shown:.3g} times as large"),
            SHIFT.reading(float(np.hypot(found.across, found.down)), self),
        )

    def _colours(self, both: Pair, subject: Subject, kept: Mask | None) -> tuple[Measurement, ...]:
        smooth = [
            cv2.blur(to_lab(bgr), (_SMOOTHED, _SMOOTHED)).astype(np.float32, copy=False)
            for bgr in (both.now, both.before)
        ]
        moved = ciede2000_of_images(*smooth)
        weight = np.ones(moved.shape, np.float32) if kept is None else kept.astype(np.float32)
        share = np.maximum(cv2.blur(weight, (SPOT_SIDE, SPOT_SIDE)), 0.25)
        spots = cv2.blur(moved * weight, (SPOT_SIDE, SPOT_SIDE)) / share
        where = moved[weight > 0.0]
        shifts = brand_shifts(both.before, both.now, table_of(subject.palette), kept)
        return (
            PLACES.reading(float(np.mean(where, dtype=np.float64)), self),
            COLOUR_SPOT.reading(float(spots.max()), self),
            GRADE.reading(float(np.median(where)), self, "half of the image moved by more"),
            *(
                (BRAND_COLOUR.reading(max(shifts.values()), self, max(shifts, key=shifts.__getitem__)),)
                if shifts
                else ()
            ),
            *(BRAND_ROLES[role].reading(shift, self) for role, shift in shifts.items()),
        )

    def _palette(self, refinement: Subject, candidate: Subject, kept: Mask | None) -> tuple[Measurement, ...]:
        table = table_of(refinement.palette)
        subjects = (refinement, candidate)
        if kept is None:
            colours = [subject.dominant for subject in subjects]
            now, before = (table.shares(subject.tiny)[0] for subject in subjects)
        else:
            parts = [kept_pixels(subject, kept) for subject in subjects]
            colours = [dominant_colours(part) for part in parts]
            now, before = (table.shares(part)[0] for part in parts)
        return (
            PALETTE.reading(
                palette_distance(colours[0], colours[1]), self, "the way that the average pixel's colour moved"
            ),
            BRAND.reading(now - before, self, f"brand colours on {before:.0%} of the candidate, {now:.0%} now"),
        )


def kept_pixels(subject: Subject, kept: Mask) -> BgrImage:
    """The part of an image that was to be kept, as one column of pixels."""
    small = shrink(subject.small, TINY_LONG_SIDE)
    part = fit_kept(kept, small.shape[1::-1])
    return BgrImage(np.ascontiguousarray(small[part][:, None])) if part is not None else small


def brand_shifts(candidate: BgrImage, now: BgrImage, table: PaletteTable, kept: Mask | None = None) -> dict[str, float]:
    """CIEDE2000 by which each signature colour moved, by role: of the median colour of the pixels that had it.

    Both images have one shape. Roles that the candidate hardly shows are left out.
    """
    worn = table.signature.take(cells_of(candidate))
    if kept is not None:
        worn[~kept.ravel()] = NO_SIGNATURE
    before, after = candidate.reshape(-1, 3), now.reshape(-1, 3)
    shifts: dict[str, float] = {}
    for index, role in enumerate(SIGNATURE_ROLES):
        wearing = np.flatnonzero(worn == index)
        if len(wearing) >= LEAST_SHARE * len(worn):
            colours = (_middle_colour(BgrImage(flat[wearing][None])) for flat in (before, after))
            shifts[role] = float(ciede2000(*colours))
    return shifts


def _middle_colour(bgr: BgrImage) -> Doubles:
    """The median of each coordinate in CIELAB over an image of one row."""
    lab = to_lab(bgr)[0]
    return np.array([middle(lab[:, n]) for n in range(3)])
