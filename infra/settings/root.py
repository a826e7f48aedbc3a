"""All settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar, Final

from pydantic import Field
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from infra.settings.alignment import AlignmentSettings
from infra.settings.config_file import read_config
from infra.settings.judge import JudgeSettings
from infra.settings.kafka import KafkaSettings
from infra.settings.machine import ConcurrencySettings, LocalSettings
from infra.settings.pace import PaceSettings
from infra.settings.providers import ProvidersSettings
from infra.settings.store import StoreSettings

PREFIX: Final = "BRUSHFIRE_"
DELIMITER: Final = "__"


class Settings(BaseSettings):
    """Settings outside of the groups."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter=DELIMITER, extra="forbid", frozen=True, allow_inf_nan=False
    )

    kafka: KafkaSettings = KafkaSettings()
    store: StoreSettings = StoreSettings()
    local: LocalSettings = LocalSettings()
    concurrency: ConcurrencySettings = Field(default_factory=ConcurrencySettings)
    providers: ProvidersSettings = ProvidersSettings()
    judge: JudgeSettings = JudgeSettings()
    alignment: AlignmentSettings = AlignmentSettings()
    pace: PaceSettings = PaceSettings()
    data: Path = Path(".brushfire")
    """Data directory of the embedded servers and of the workers' logs."""
    ephemeral: bool = False
    """Keep nothing after the run."""
    usd_per_cpu_hour: Annotated[float, Field(ge=0)] = 0.04
    """Price of what local models compute, in US dollars. AWS Fargate lists 0.04048 a vCPU hour on demand (Linux on
    x86, us-east-1); write what your own machines cost."""
    handler_limit_seconds: Annotated[float, Field(gt=0)] = 90.0
    """The longest time of one job, retries included."""

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
        return init_settings, env_settings, InitSettingsSource(settings_cls, read_config())
