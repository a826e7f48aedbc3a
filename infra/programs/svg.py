"""SVG drawings of a brand: checked for what could do harm, then drawn once as PNG by a process of its own."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

from imaging.svg.rules import check_drawing
from schemas.images import Size

BYTES_LIMIT: Final = 2 * 1024 * 1024
_SECONDS: Final = 20.0
_GZIP: Final = b"\x1f\x8b"
_SIDES_AT: Final = slice(16, 24)
"""The place of width and height in a PNG file (four bytes each, the first byte the highest)."""


def is_drawing(data: bytes) -> bool:
    """Whether `data` looks like XML, or like a compressed drawing (.svgz)."""
    return data.startswith(_GZIP) or data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def drawn(data: bytes) -> tuple[bytes, Size]:
    """The drawing in `data` as PNG with transparency, its longer side `infra.programs.svg_process.LONG_SIDE` pixels.

    Raises ValueError, with a message for the campaign's author, where it is broken or could do harm.
    """
    if data.startswith(_GZIP):
        raise ValueError("is a compressed drawing; save it as plain SVG")
    if len(data) > BYTES_LIMIT:
        raise ValueError(f"is above {BYTES_LIMIT // 1_048_576} MB; simplify the drawing")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError("is not in UTF-8; save the drawing with that encoding") from error
    check_drawing(text)
    image = _drawn_apart(text)
    width, height = (int.from_bytes(image[_SIDES_AT][at : at + 4]) for at in (0, 4))
    return image, Size(width=width, height=height)


def _drawn_apart(text: str) -> bytes:
    """The image, drawn in a process whose memory and time are limited, so that a drawing can exhaust them safely."""
    command = [sys.executable, "-P", "-m", "infra.programs.svg_process"]
    try:
        done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603 - our own module
    except subprocess.TimeoutExpired as error:
        raise ValueError("takes too long to draw; simplify it") from error
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise ValueError(f"cannot be drawn ({reason or 'it takes too much time or memory'}); simplify it or give a PNG")
    return done.stdout
