"""The settings of the broker."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode

from infra.settings.group import Group, split

SecurityProtocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
SaslMechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]


class KafkaSettings(Group):
    """The broker. Without `addresses` the embedded broker is started, which speaks PLAINTEXT. See docs/cluster.md."""

    addresses: Annotated[tuple[str, ...] | None, NoDecode] = None
    """Brokers as `host:port`, separated by commas. Unset: the embedded broker."""
    partitions: Annotated[int, Field(ge=1, le=1000)] = 4
    """Partitions of each topic. The number is fixed once the topics exist."""
    replication_factor: Annotated[int, Field(ge=1, le=7)] = 1
    """Copies of each partition."""
    security_protocol: SecurityProtocol = "PLAINTEXT"
    """`PLAINTEXT`, `SSL`, `SASL_PLAINTEXT` or `SASL_SSL`."""
    sasl_mechanism: SaslMechanism = "SCRAM-SHA-512"
    """`PLAIN`, `SCRAM-SHA-256` or `SCRAM-SHA-512`; for the SASL protocols."""
    user: str | None = None
    """User, for the SASL protocols."""
    password: SecretStr | None = None
    """Password, for the SASL protocols."""
    ca_file: Path | None = None
    """Certificate authorities to trust with TLS (PEM), in place of the machine's own list."""
    certificate_file: Path | None = None
    """Client certificate (PEM), for brokers that require one."""
    key_file: Path | None = None
    """Private key of the client certificate (PEM)."""
    embedded: bool = False
    """Whether `addresses` are the embedded broker. Set by the stack that starts it; not for brokers of your own."""

    @field_validator("addresses", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return split(value)

    @field_validator("addresses")
    @classmethod
    def _well_formed(cls, addresses: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if addresses == ():
            raise ValueError("is empty; write host:port, or leave it out to have the embedded broker started")
        for address in addresses or ():
            host, _, port = address.rpartition(":")
            if not host or not port.isdecimal():
                raise ValueError(f"{address!r} is no address; write host:port, such as kafka-1:9092")
        return addresses

    @property
    def uses_tls(self) -> bool:
        """Are connections encrypted?"""
        return self.security_protocol in {"SSL", "SASL_SSL"}

    @property
    def uses_sasl(self) -> bool:
        """Do clients say who they are by user and password?"""
        return self.security_protocol in {"SASL_PLAINTEXT", "SASL_SSL"}

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        """A secret or certificate that the protocol would pass over is a mistake, not a detail."""
        if self.security_protocol != "PLAINTEXT" and self.addresses is None:
            raise ValueError("security_protocol needs addresses: the embedded broker speaks PLAINTEXT on loopback")
        named = (self.user is not None, self.password is not None)
        if named != (self.uses_sasl, self.uses_sasl):
            raise ValueError("user and password belong to security_protocol SASL_SSL and SASL_PLAINTEXT, both of them")
        if (self.ca_file or self.certificate_file) and not self.uses_tls:
            raise ValueError("ca_file and certificate_file need security_protocol SSL or SASL_SSL")
        if (self.certificate_file is None) != (self.key_file is None):
            raise ValueError("certificate_file and key_file go together")
        return self
