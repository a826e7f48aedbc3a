"""Kestrun's mark: a slanted K whose arm is a wing."""

from __future__ import annotations

import numpy as np

from brand_art.shapes import Path, polygon, smooth

_HEIGHT = 150.0


def bar(at: tuple[float, float], height: float) -> Path:
    """The stem, for a mark of `height` units whose top left corner is `at`."""
    return _placed(polygon((36, 0), (76, 0), (46, 150), (6, 150)), at, height)


def wing(at: tuple[float, float], height: float) -> Path:
    """The upper arm, swept up to a point."""
    over = smooth([(68, 84), (102, 34), (188, 0)], closed=False)
    under = smooth([(188, 0), (150, 56), (86, 92)], closed=False)
    return _placed(np.concatenate([over, under]), at, height)


def leg(at: tuple[float, float], height: float) -> Path:
    """The lower arm, kicking forward."""
    over = smooth([(82, 104), (126, 104), (158, 150)], closed=False)
    under = smooth([(114, 150), (102, 122), (76, 112)], closed=False)
    return _placed(np.concatenate([over, under]), at, height)


def _placed(path: Path, at: tuple[float, float], height: float) -> Path:
    return np.asarray(path * (height / _HEIGHT) + np.array(at))
