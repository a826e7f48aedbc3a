"""The settings: ``BRUSHFIRE_`` environment variables over a TOML file over the defaults below.

A group's key is written ``BRUSHFIRE_KAFKA__PARTITIONS=8`` in the environment and ``partitions = 8`` under
``[kafka]`` in the file. The file is ``brushfire.toml`` in the working directory, or the path in
``BRUSHFIRE_CONFIG``. An unknown key is an error.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from schemas.errors import InvalidSettings

PREFIX: Final = "BRUSHFIRE_"
DELIMITER: Final = "__"
CONFIG_VARIABLE: Final = "BRUSHFIRE_CONFIG"
DEFAULT_CONFIG: Final = Path("brushfire.toml")

_config_file: ContextVar[Path | None] = ContextVar("config_file", default=None)

Port = Annotated[int, Field(ge=1, le=65_535)]
Concurrency = Annotated[int, Field(ge=1, le=1024)]
SecurityProtocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
SaslMechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]


def _cores() -> int:
    return os.cpu_count() or 1


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class KafkaSettings(_Group):
    """The broker. `addresses` (``host:port``) unset: the embedded broker is started, which speaks PLAINTEXT.

    `ca_file` (PEM) is whom to trust, in place of the machine's own list; `certificate_file` and `key_file`
    (PEM) are for brokers that ask for a client certificate.
    """

    addresses: Annotated[tuple[str, ...] | None, NoDecode] = None
    partitions: Annotated[int, Field(ge=1, le=1000)] = 4
    replication_factor: Annotated[int, Field(ge=1, le=7)] = 1
    security_protocol: SecurityProtocol = "PLAINTEXT"
    sasl_mechanism: SaslMechanism = "SCRAM-SHA-512"
    user: str | None = None
    password: SecretStr | None = None
    ca_file: Path | None = None
    certificate_file: Path | None = None
    key_file: Path | None = None

    @field_validator("addresses", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

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


class StoreSettings(_Group):
    """The object store (S3 protocol). `endpoint` (``host:port``) unset: the embedded store is started.

    `secure` is TLS, and `ca_file` (PEM) whom to trust then, in place of certifi's list. `directory` is where a
    store on this machine keeps its data, if known: its free space explains failures.
    """

    endpoint: str | None = None
    access_key: str | None = None
    secret_key: SecretStr | None = None
    secure: bool = True
    ca_file: Path | None = None
    bucket: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")] = "brushfire"
    region: str = "us-east-1"
    connections: Annotated[int, Field(ge=1, le=256)] = 16
    timeout_seconds: Annotated[float, Field(gt=0)] = 10.0
    retry_seconds: Annotated[float, Field(ge=0)] = 20.0
    directory: Path | None = None

    @field_validator("endpoint")
    @classmethod
    def _host_only(cls, endpoint: str | None) -> str | None:
        if endpoint is not None and ("/" in endpoint or not endpoint):
            raise ValueError(f"{endpoint!r} is no address; write host:port without http:// (`secure` says which)")
        return endpoint


class LocalSettings(_Group):
    """The embedded servers. A port unset: a free one is chosen."""

    broker_port: Port | None = None
    store_port: Port | None = None
    start_seconds: Annotated[float, Field(gt=0)] = 60.0


class ConcurrencySettings(_Group):
    """Jobs that one worker process has in hand at once.

    Drafting and refining wait for models on the network; scoring and finishing compute, one job a core.
    """

    drafter: Concurrency = 16
    scorer: Concurrency = Field(default_factory=_cores)
    refiner: Concurrency = 8
    finisher: Concurrency = Field(default_factory=_cores)


class Settings(BaseSettings):
    """Everything that an operator may set.

    `usd_per_cpu_hour` prices what local models compute. It is a prior: AWS Fargate lists 0.04048 USD
    a vCPU hour on demand (Linux on x86, us-east-1); write what your own machines cost.
    """

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter=DELIMITER, extra="forbid", frozen=True, allow_inf_nan=False
    )

    kafka: KafkaSettings = KafkaSettings()
    store: StoreSettings = StoreSettings()
    local: LocalSettings = LocalSettings()
    concurrency: ConcurrencySettings = Field(default_factory=ConcurrencySettings)
    data: Path = Path(".brushfire")
    ephemeral: bool = False
    usd_per_cpu_hour: Annotated[float, Field(ge=0)] = 0.04
    handler_limit_seconds: Annotated[float, Field(gt=0)] = 90.0

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the base class names them
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments over the environment over the file."""
        return init_settings, env_settings, InitSettingsSource(settings_cls, _read_config())


def load(config: Path | None = None, **overrides: Any) -> Settings:
    """The settings, `overrides` (top-level keys) first. Raises `InvalidSettings`."""
    token = _config_file.set(config)
    try:
        _refuse_unknown_variables(os.environ)
        return Settings(**overrides)
    except ValidationError as error:
        raise InvalidSettings("\n".join(_explain(detail) for detail in error.errors())) from None
    except SettingsError as error:
        raise InvalidSettings(f"{error}; a group's key is written {PREFIX}GROUP{DELIMITER}KEY") from None
    finally:
        _config_file.reset(token)


def environment(settings: Settings) -> dict[str, str]:
    """`settings` as ``BRUSHFIRE_`` variables, secrets included, for child processes of this machine."""
    resolved = settings.model_copy(update={"data": settings.data.absolute()})
    return dict(_flatten(resolved, PREFIX))


def _flatten(group: BaseModel, prefix: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name in type(group).model_fields:
        value, key = getattr(group, name), prefix + name.upper()
        if isinstance(value, BaseModel):
            pairs += _flatten(value, key + DELIMITER)
        elif value is not None:
            pairs.append((key, _text(value)))
    return pairs


def _text(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, tuple):
        return ",".join(str(item) for item in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read_config() -> dict[str, Any]:
    asked = _config_file.get() or os.environ.get(CONFIG_VARIABLE)
    path = Path(asked) if asked else DEFAULT_CONFIG
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        if asked:
            raise InvalidSettings(f"{path}: there is no such settings file; correct {CONFIG_VARIABLE}") from None
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidSettings(f"{path}: cannot be read as TOML: {error}") from None


def _refuse_unknown_variables(variables: Mapping[str, str]) -> None:
    """pydantic-settings passes over a variable whose first part is no field; a misspelt group would be lost."""
    for name in variables:
        if not name.upper().startswith(PREFIX) or name.upper() == CONFIG_VARIABLE:
            continue
        group = name[len(PREFIX) :].split(DELIMITER)[0].lower()
        if group not in Settings.model_fields:
            raise InvalidSettings(f"{name}: there is no setting {group!r}{_nearest(group, Settings)}")


def _explain(detail: Any) -> str:
    path = [str(part) for part in detail["loc"]]
    where = ".".join(path)
    if detail["type"] == "model_type":
        return f"{where}: is a group; a group's key is written {PREFIX}GROUP{DELIMITER}KEY, in the file under [{where}]"
    if detail["type"] != "extra_forbidden":
        return f"{where}: {detail['msg']}"
    return f"{where}: there is no such setting{_nearest(path[-1], _group_at(path[:-1]))}"


def _group_at(path: list[str]) -> type[BaseModel]:
    group: type[BaseModel] = Settings
    for part in path:
        annotation = group.model_fields[part].annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            group = annotation
    return group


def _nearest(key: str, group: type[BaseModel]) -> str:
    known = list(group.model_fields)
    near = difflib.get_close_matches(key, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}"
