"""Draws one SVG from standard input as PNG to standard output, within narrow limits. Run by `infra.programs.svg`."""

from __future__ import annotations

import contextlib
import resource
import sys
from typing import Final

import resvg_py

LONG_SIDE: Final = 2048
"""Pixels of the longer side: a logo covers less than a third of the widest image."""
_LONGEST: Final = 16
"""The largest ratio of the longer side to the shorter one."""
_CPU_SECONDS: Final = 10
_MEMORY: Final = 1 << 30
_PIXELS_PER_INCH: Final = 96.0
_PROBE: Final = 64


def draw(text: str) -> bytes:
    """The drawing as PNG. Raises ValueError where it has no size, or is too long and thin."""
    width, height = _sides(_rendered(text, width=_PROBE))
    if max(width, height) > _LONGEST * min(width, height):
        raise ValueError(f"it is {width} to {height}, too long and thin")
    return _rendered(text, width=LONG_SIDE) if width >= height else _rendered(text, height=LONG_SIDE)


def _rendered(text: str, width: int | None = None, height: int | None = None) -> bytes:
    return bytes(
        resvg_py.svg_to_bytes(svg_string=text, width=width, height=height, dpi=_PIXELS_PER_INCH, skip_system_fonts=True)
    )


def _sides(png: bytes) -> tuple[int, int]:
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


def main() -> int:
    """Draw; a fault is written to standard error."""
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    with contextlib.suppress(ValueError, OSError):  # not every system limits address space
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    try:
        image = draw(sys.stdin.buffer.read().decode())
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.buffer.write(image)
    return 0


if __name__ == "__main__":
    sys.exit(main())
