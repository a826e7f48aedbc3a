"""Banding: soft gradients that broke into steps because too few levels were kept."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from imaging.measures.check import Scale
from imaging.measures.subject import Subject
from imaging.pixels import BgrImage, Doubles, Places
from schemas.scorecards import Measurement

BANDING: Final = Scale("technical.banding", "share of flat pixels", 0.0, 1.0, "lower")

_EVERY: Final = 8
"""Every eighth row is compared with the next pixel and with the second row below: bands are broad."""
_FLAT: Final = 2
"""Levels to the next pixel, right and below, within which a pixel is flat: on a step, not between two."""
_SMEAR: Final = 2
"""Levels by which a codec spreads one level."""
_CLOSEST: Final = 6
_FARTHEST: Final = 28
"""Levels from step to step that people see as bands: 42 to 9 levels a channel. Finer steps look smooth."""
_LEAST_SHARE: Final = 0.004
"""The least share of the flat pixels on a step that shows."""
_EMPTY: Final = 0.12
"""The largest share of the smaller of two steps that may lie between them; more is a smooth gradient."""
_EVEN: Final = 1.3
"""How many times as wide the wider of two neighbouring gaps may be: kept levels are even, a design's tints are not."""
_FEWEST: Final = 4
"""The least number of steps in a row: fewer may be the tints of a design."""
_NEIGHBOURS: Final = np.ones((1, 2 * _SMEAR + 1), np.uint8)
_FIRST: Final = np.array([True])


class BandingCheck:
    """The share of flat pixels on a row of even steps with nothing between them, in the worst channel."""

    name: Final = "banding"
    version: Final = "2"
    scales: Final = (BANDING,)

    def measure(self, subject: Subject) -> tuple[Measurement, ...]:
        """One measurement."""
        channels = flat_levels(subject.common)
        worst = max(_stepped(counts, peaks) for counts, peaks in zip(channels, _peaks(channels), strict=True))
        return (BANDING.reading(worst, self),)


def stepped(counts: Doubles) -> float:
    """The share of the flat pixels of one channel, counted by level, that are on a row of even steps."""
    return _stepped(counts, _peaks(counts[None])[0])


def _stepped(counts: Doubles, peaks: Places) -> float:
    if len(peaks) < _FEWEST:
        return 0.0
    steps = np.zeros(len(peaks), dtype=np.bool_)
    for run in _even_runs(peaks, counts):
        steps[run] = True
    return float(min(1.0, sum(_around(counts, int(peak)) for peak in peaks[steps])))


def flat_levels(bgr: BgrImage) -> Doubles:
    """For each channel the shares of the 256 levels among flat pixels, shape (3, 256)."""
    below = bgr[2::_EVERY, :-1]
    here, right = (bgr[: _EVERY * len(below) : _EVERY, columns] for columns in (slice(-1), slice(1, None)))
    steps = cv2.max(cv2.absdiff(here, right), cv2.absdiff(here, below))
    flat = cv2.threshold(steps, _FLAT, 255, cv2.THRESH_BINARY_INV)[1]
    chosen = cv2.bitwise_and(here, flat)  # other pixels become 0 and are subtracted: a mask takes three times as long
    pixels, numbers = flat.shape[0] * flat.shape[1], cv2.mean(flat)
    channels = range(bgr.shape[2])
    counts = np.stack([cv2.calcHist([chosen], [n], None, [256], [0, 256]).ravel() for n in channels], dtype=np.float64)
    flat_pixels = [round(pixels * numbers[n] / 255.0) for n in channels]
    for n in channels:
        counts[n, 0] -= pixels - flat_pixels[n]
        counts[n] /= max(1, flat_pixels[n])
    return counts


def _peaks(counts: Doubles) -> list[Places]:
    """For each channel the levels around which flat pixels gather, in order."""
    gathered = cv2.boxFilter(counts, -1, (3, 1), normalize=False, borderType=cv2.BORDER_CONSTANT)
    gather_most = (gathered >= np.maximum(cv2.dilate(gathered, _NEIGHBOURS), _LEAST_SHARE)).astype(np.bool_, copy=False)
    return [_apart(np.flatnonzero(channel)) for channel in gather_most]


def _apart(found: Places) -> Places:
    """The first of neighbouring levels."""
    apart = np.concatenate([_FIRST, found[1:] - found[:-1] > _SMEAR])[: len(found)]
    return np.asarray(found[apart])


def _even_runs(peaks: Places, counts: Doubles) -> list[slice]:
    """Runs of at least four peaks that are evenly spaced, with almost nothing between them."""
    runs: list[slice] = []
    start = 0
    for n in range(1, len(peaks) + 1):
        goes_on = n < len(peaks) and _is_gap(counts, int(peaks[n - 1]), int(peaks[n]))
        if goes_on and n - start >= 2:  # noqa: PLR2004 - two gaps to compare
            goes_on = _alike(peaks[n] - peaks[n - 1], peaks[n - 1] - peaks[n - 2])
            if not goes_on and n - start < _FEWEST:
                start = n - 1
                continue
        if not goes_on:
            if n - start >= _FEWEST:
                runs.append(slice(start, n))
            start = n
    return runs


def _is_gap(counts: Doubles, low: int, high: int) -> bool:
    if not _CLOSEST <= high - low <= _FARTHEST:
        return False
    between = counts[low + _SMEAR + 1 : high - _SMEAR].sum()
    return bool(between <= _EMPTY * min(_around(counts, low), _around(counts, high)))


def _alike(first: int, second: int) -> bool:
    return bool(max(first, second) <= _EVEN * min(first, second))


def _around(counts: Doubles, level: int) -> float:
    return float(counts[max(0, level - _SMEAR) : level + _SMEAR + 1].sum())
