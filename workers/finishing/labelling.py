"""Labels in the bytes of a rendition: what a platform or a person finds when they look where the image comes from.

The label is the IPTC digital source type in XMP: a composite that includes images made by a trained model,
or art made by an algorithm (https://cv.iptc.org/newscodes/digitalsourcetype/).
"""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import quoteattr

_SOURCE_TYPE: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_ALGORITHMIC: Final = _SOURCE_TYPE + "algorithmicMedia"
_TRAINED: Final = _SOURCE_TYPE + "trainedAlgorithmicMedia"
_LOCAL_PROVIDERS: Final = frozenset({"composer"})
_XMP_HEADER: Final = b"http://ns.adobe.com/xap/1.0/\x00"


def source_type(provider: str) -> str:
    """The IPTC digital source type of a provider's images."""
    return _ALGORITHMIC if provider in _LOCAL_PROVIDERS else _TRAINED


def xmp(provider: str, asset_id: str, software: str) -> bytes:
    """The XMP packet of a rendition."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f"Iptc4xmpExt:DigitalSourceType={quoteattr(source_type(provider))} "
        f"xmp:CreatorTool={quoteattr(software)} dc:identifier={quoteattr(asset_id)}/>"
        '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def label_jpeg(data: bytes, packet: bytes) -> bytes:
    """`data` with the XMP packet as an APP1 segment right after the start marker: no pixel is coded anew.

    Raises ValueError where `data` is no JPEG or the packet is above the 64 KiB of a segment.
    """
    if not data.startswith(b"\xff\xd8"):
        raise ValueError("not a JPEG")
    body = _XMP_HEADER + packet
    return data[:2] + b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body + data[2:]
