"""A certificate authority of the cluster's own, and a certificate for its servers and one for its clients."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.local.ports import LOOPBACK
from tests.support.cluster.cache import run, tool

VALID_DAYS: Final = 30
"""The servers of a test or a developer's day; a new folder has new ones made."""

_KEY: Final = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc")
_IDENTIFIERS: Final = ("-addext", "subjectKeyIdentifier=hash")
_AUTHORITY: Final = ("-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign")


@dataclass(frozen=True, slots=True)
class Certificates:
    """PEM files. A ``.pem`` beside a certificate holds key and certificate in one, as Kafka reads them."""

    folder: Path

    @property
    def ca_file(self) -> Path:
        """Whom clients and servers trust."""
        return self.folder / "ca.crt"

    def certificate(self, name: str) -> Path:
        """The certificate of ``server`` or ``client``."""
        return self.folder / f"{name}.crt"

    def key(self, name: str) -> Path:
        """Its private key."""
        return self.folder / f"{name}.key"

    def both(self, name: str) -> Path:
        """Key and certificate in one file."""
        return self.folder / f"{name}.pem"


def make_certificates(folder: Path) -> Certificates:
    """Make those of `folder` that are missing. Raises `StackError`, also where `openssl` 3 is not installed."""
    certificates = Certificates(folder)
    if not certificates.both("client").exists():
        openssl = tool("openssl", "it makes the cluster's certificates")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _request(openssl, folder, "ca", "/CN=Brushfire cluster authority", *_AUTHORITY)
        _sign(openssl, certificates, "server", f"subjectAltName=IP:{LOOPBACK},DNS:localhost")
        _sign(openssl, certificates, "client", "subjectAltName=DNS:brushfire")
    return certificates


def _sign(openssl: Path, certificates: Certificates, name: str, names: str) -> None:
    """A server's certificate is a client's too, for brokers call one another."""
    usage = ("-addext", "extendedKeyUsage=serverAuth,clientAuth", "-addext", "authorityKeyIdentifier=keyid")
    by = ("-CA", str(certificates.ca_file), "-CAkey", str(certificates.key("ca")))
    leaf = ("-addext", "basicConstraints=critical,CA:FALSE", "-addext", names)
    _request(openssl, certificates.folder, name, f"/CN=brushfire-{name}", *leaf, *usage, *by)
    both = certificates.key(name).read_text("utf-8") + certificates.certificate(name).read_text("utf-8")
    certificates.both(name).touch(mode=0o600)
    certificates.both(name).write_text(both, "utf-8")


def _request(openssl: Path, folder: Path, name: str, subject: str, *extensions: str) -> None:
    run(
        [openssl, "req", "-x509", *_KEY, "-sha256", "-days", str(VALID_DAYS), "-subj", subject,
         "-keyout", f"{name}.key", "-out", f"{name}.crt", *_IDENTIFIERS, *extensions],
        folder=folder,
    )  # fmt: skip
