"""Memory kept for the next image instead of being given back to the kernel after each."""

from __future__ import annotations

import ctypes
from typing import Final

_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
"""The parameters of glibc's `mallopt`, from its `malloc.h`."""
_KEPT: Final = 64 * 2**20
_LARGEST: Final = 32 * 2**20
"""Bytes of free memory that are kept, and of the largest piece that is taken from it: a final takes some 30 MB."""


def keep_memory() -> bool:
    """Keep what an image has freed; whether the C library could be told so (glibc can, others manage by themselves).

    A final's pages of 4 MB are otherwise mapped, zeroed and unmapped again and again: a fifth of its time.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    return bool(mallopt(_TRIM_THRESHOLD, _KEPT)) and bool(mallopt(_MMAP_THRESHOLD, _LARGEST))
