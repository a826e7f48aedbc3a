"""Cheap images that pass for an ad: the brand's colours in sharp shapes on a soft ground."""

from __future__ import annotations

import re
from functools import lru_cache
from random import Random
from typing import Any, Final

import cv2
import numpy as np

from tests.support.simulator.lettering import Pixels, set_lines

Colour = tuple[int, int, int]

_HEX: Final = re.compile(r"#([0-9a-fA-F]{6})\b")
_PLAIN: Final[tuple[Colour, ...]] = ((160, 80, 40), (200, 170, 120), (60, 110, 230))
"""Blue, green, red: for prompts that name no colour."""
QUALITY: Final = 85


def paint(call_id: str, prompt: str, width: int, height: int) -> bytes:
    """A JPEG of `width` x `height` pixels in the colours that `prompt` names, with its copy; new for each call."""
    random = Random(call_id)
    colours = colours_of(prompt)
    pixels = _ground(random, colours, width, height)
    for index in range(random.randint(5, 8)):
        _shape(pixels, random, colours[index % len(colours)])
    return _encode(set_lines(pixels, prompt))


def repaint(call_id: str, reference: bytes, width: int, height: int) -> bytes:
    """The image of `reference` at another size; a comment in the file makes each call's bytes different."""
    flags = cv2.IMREAD_COLOR
    decoded: Any = cv2.imdecode(np.frombuffer(reference, np.uint8), flags)
    if decoded is None:
        raise ValueError("the reference is no image")
    pixels = cv2.resize(decoded, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8)
    return _commented(_encode(pixels), call_id)


def redraw(call_id: str, reference: bytes, mask: bytes) -> bytes:
    """The image of `reference` with another colour where the greyscale `mask` is white; a PNG, so the rest stays."""
    pixels: Any = cv2.imdecode(np.frombuffer(reference, np.uint8), cv2.IMREAD_COLOR)
    white: Any = cv2.imdecode(np.frombuffer(mask, np.uint8), cv2.IMREAD_GRAYSCALE)
    if pixels is None or white is None or pixels.shape[:2] != white.shape:
        raise ValueError("image and mask are no images of one size")
    random = Random(call_id)
    pixels[white > 127] = [random.randrange(40, 215) for _ in range(3)]
    written, data = cv2.imencode(".png", pixels)
    assert written
    return bytes(data.tobytes())


def drawn_where_transparent(mask: bytes) -> bytes:
    """A mask whose transparent pixels are to be drawn, as one whose white pixels are."""
    pixels: Any = cv2.imdecode(np.frombuffer(mask, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.ndim != 3 or pixels.shape[2] != 4:
        raise ValueError("the mask has no alpha channel")
    written, data = cv2.imencode(".png", 255 - pixels[:, :, 3])
    assert written
    return bytes(data.tobytes())


def colours_of(prompt: str) -> tuple[Colour, ...]:
    """The first three colours ``#rrggbb`` in `prompt`, as blue, green, red."""
    found = [bytes.fromhex(code) for code in _HEX.findall(prompt)[:3]]
    return tuple((code[2], code[1], code[0]) for code in found) or _PLAIN


def _encode(pixels: Pixels) -> bytes:
    written, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    assert written
    return data.tobytes()


def _commented(jpeg: bytes, comment: str) -> bytes:
    """`jpeg` with a comment segment after its first marker (ITU-T T.81, B.2.4.5)."""
    text = comment.encode()
    return jpeg[:2] + b"\xff\xfe" + (2 + len(text)).to_bytes(2, "big") + text + jpeg[2:]


def _ground(random: Random, colours: tuple[Colour, ...], width: int, height: int) -> Pixels:
    """A gradient between a pale and a middling shade of one brand colour."""
    colour = np.array(random.choice(colours), np.float32)
    pale, middling = colour * 0.15 + 205.0, colour * 0.55 + 90.0
    steps = np.linspace(0.0, 1.0, 256, dtype=np.float32)[:, None]
    table = (pale + (middling - pale) * steps).astype(np.uint8)
    return np.asarray(cv2.LUT(_ramp(width, height, random.randrange(8)), table[None, :, :]), np.uint8)


@lru_cache(maxsize=64)
def _ramp(width: int, height: int, direction: int) -> Pixels:
    """Values rising from 0 to 255 along one of eight directions, three channels alike."""
    angle = np.pi * direction / 4
    x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    slope = x * np.cos(angle) + y * np.sin(angle)
    ramp = (slope - slope.min()) / (slope.max() - slope.min()) * 255
    return np.repeat(ramp.astype(np.uint8)[:, :, None], 3, axis=2)


def _shape(pixels: Pixels, random: Random, colour: Colour) -> None:
    """A filled circle, bar or triangle, from a tenth to a third of the shorter side."""
    height, width = pixels.shape[:2]
    size = int(min(width, height) * random.uniform(0.1, 0.33))
    x, y = random.randrange(width), random.randrange(height)
    match random.randrange(3):
        case 0:
            cv2.circle(pixels, (x, y), size, colour, -1, cv2.LINE_AA)
        case 1:
            cv2.rectangle(pixels, (x - size, y - size // 3), (x + size, y + size // 3), colour, -1)
        case _:
            corners = np.array([(x, y - size), (x + size, y + size), (x - size, y + size)], np.int32)
            cv2.fillConvexPoly(pixels, corners, colour, cv2.LINE_AA)
