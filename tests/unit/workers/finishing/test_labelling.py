"""The label in a rendition's bytes."""

from __future__ import annotations

import io
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from workers.finishing.assembly import label_jpeg, source_type, xmp


def jpeg() -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((64, 48), 40).convert("RGB").save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def test_the_label_is_found_and_no_pixel_changes() -> None:
    plain = jpeg()
    labelled = label_jpeg(plain, xmp("composer", "ast-1", "Brushfire 0.1.0"))
    with Image.open(io.BytesIO(plain)) as before, Image.open(io.BytesIO(labelled)) as after:
        assert before.tobytes() == after.tobytes()
        packet = after.info["xmp"].decode()
    assert "digitalsourcetype/algorithmicMedia" in packet
    assert "ast-1" in packet


def test_the_packet_is_well_formed_whatever_the_names() -> None:
    packet = xmp('a"b<c>&', "ast-1", "Brushfire <1> & 'co'").decode()
    body = packet[packet.index("<x:xmpmeta") : packet.index("<?xpacket end")]
    assert ET.fromstring(body) is not None  # noqa: S314 - our own bytes


def test_models_that_were_trained_are_labelled_so() -> None:
    assert source_type("gemini").endswith("trainedAlgorithmicMedia")
    assert source_type("composer").endswith("/algorithmicMedia")


def test_what_is_no_jpeg_is_refused() -> None:
    with pytest.raises(ValueError, match="not a JPEG"):
        label_jpeg(b"\x89PNG", b"")
