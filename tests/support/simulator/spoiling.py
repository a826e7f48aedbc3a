"""What a client gets instead of a good image."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from random import Random
from typing import Final

BOMB_SIDE: Final = 30_000
OVERSIZE: Final = 2_000_000
"""Surplus bytes; a test sets the limits below."""
PAGE: Final = b"<!doctype html><title>502</title><h1>Bad gateway</h1>"


def spoil(image: bytes, mishap: str) -> tuple[bytes, str]:
    """The bytes and content type that are sent instead of `image` with a `mishap`."""
    match mishap:
        case "truncated":
            return image[: len(image) * 3 // 5], "image/jpeg"
        case "garbage":
            return Random(image[:64]).randbytes(len(image)), "image/jpeg"
        case "wrong_type":
            return PAGE, "text/html"
        case "bomb":
            return bomb(), "image/png"
        case "oversize":
            return image + bytes(OVERSIZE), "image/jpeg"
        case _:
            return image, "image/jpeg"


@cache
def bomb() -> bytes:
    """A valid black-and-white PNG of 30,000 x 30,000 pixels: 0.1 MB that decode to 900 million pixels."""
    row = bytes(1 + BOMB_SIDE // 8)
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(row) for _ in range(BOMB_SIDE)) + packer.flush()
    header = struct.pack(">IIBBBBB", BOMB_SIDE, BOMB_SIDE, 1, 0, 0, 0, 0)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", data), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
