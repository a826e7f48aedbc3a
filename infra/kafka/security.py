"""How clients reach the brokers: addresses, TLS and credentials, from the settings, as aiokafka takes them."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from infra.kafka.embedded import groups
from infra.settings import KafkaSettings
from schemas.errors import InvalidSettings

Brokers = KafkaSettings | Sequence[str]
"""The settings, or addresses (``host:port``) alone, which are spoken to in PLAINTEXT."""


def _has_no_password(record: logging.LogRecord) -> bool:
    return "SaslAuthenticateRequest" not in record.getMessage()


# At level DEBUG aiokafka logs every request with its bytes, those that carry the password too.
logging.getLogger("aiokafka.conn").addFilter(_has_no_password)


def addresses_of(brokers: Brokers) -> tuple[str, ...]:
    """Where the brokers listen."""
    return (brokers.addresses or ()) if isinstance(brokers, KafkaSettings) else tuple(brokers)


def is_embedded(brokers: Brokers) -> bool:
    """Whether the broker is the embedded one, which differs from Apache Kafka (`infra.kafka.embedded`)."""
    return isinstance(brokers, KafkaSettings) and brokers.embedded


def at(address: str, brokers: Brokers) -> Brokers:
    """The one broker at `address`, reached as `brokers` are."""
    if isinstance(brokers, KafkaSettings):
        return brokers.model_copy(update={"addresses": (address,)})
    return (address,)


def where(brokers: Brokers) -> str:
    """The addresses, for people."""
    return ", ".join(addresses_of(brokers))


def advice(brokers: Brokers) -> str:
    """The settings that decide whether the brokers can be reached, for people."""
    if not isinstance(brokers, KafkaSettings) or brokers.security_protocol == "PLAINTEXT":
        return "kafka.addresses and kafka.security_protocol"
    names = ["addresses", "security_protocol"]
    names += ["ca_file"] if brokers.uses_tls else []
    names += ["sasl_mechanism", "user", "password"] if brokers.uses_sasl else ["certificate_file"]
    return f"{', '.join(f'kafka.{name}' for name in names[:-1])} and kafka.{names[-1]}"


def client_options(brokers: Brokers) -> dict[str, Any]:
    """The arguments by which an aiokafka client reaches `brokers`. Raises `InvalidSettings` for a bad PEM file."""
    options: dict[str, Any] = {"bootstrap_servers": list(addresses_of(brokers))}
    if not isinstance(brokers, KafkaSettings):
        return options
    options["security_protocol"] = brokers.security_protocol
    if brokers.uses_tls:
        options["ssl_context"] = tls_context(brokers)
    if brokers.uses_sasl:
        options |= {
            "sasl_mechanism": brokers.sasl_mechanism,
            "sasl_plain_username": brokers.user,
            "sasl_plain_password": password_of(brokers),
        }
    return options


def member_options(brokers: Brokers) -> dict[str, Any]:
    """The same for a consumer that joins a group. On the embedded broker its process joins in the broker's own way."""
    options = client_options(brokers)
    if is_embedded(brokers):
        groups.install_coordinator()
        options["client_id"] = groups.client_id()
    return options


def tls_context(kafka: KafkaSettings) -> ssl.SSLContext:
    """The TLS context. Certificates and host names are always checked."""
    asked = [path for path in (kafka.ca_file, kafka.certificate_file, kafka.key_file) if path]
    try:
        context = ssl.create_default_context(cafile=kafka.ca_file)
        if kafka.certificate_file and kafka.key_file:
            context.load_cert_chain(kafka.certificate_file, kafka.key_file)
    except (OSError, ssl.SSLError) as error:
        raise InvalidSettings(f"kafka: {_listed(asked)} cannot be read as PEM: {error}") from None
    return context


def _listed(paths: Sequence[Path]) -> str:
    return " or ".join(map(str, paths)) or "the machine's list of certificates"


def password_of(kafka: KafkaSettings) -> str:
    """The password in clear, or an empty text."""
    return kafka.password.get_secret_value() if kafka.password else ""
