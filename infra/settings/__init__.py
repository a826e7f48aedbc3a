"""The settings: ``BRUSHFIRE_`` environment variables over a TOML file over the defaults below.

A group's key is written ``BRUSHFIRE_KAFKA__PARTITIONS=8`` in the environment and ``partitions = 8`` under
``[kafka]`` in the file. The file is ``brushfire.toml`` in the working directory, or the path in
``BRUSHFIRE_CONFIG``. An unknown key is an error.
"""

from __future__ import annotations

from infra.settings.alignment import AlignmentSettings
from infra.settings.config_file import CONFIG_VARIABLE, DEFAULT_CONFIG
from infra.settings.group import Port
from infra.settings.judge import JudgeSettings
from infra.settings.kafka import KafkaSettings, SaslMechanism, SecurityProtocol
from infra.settings.loading import environment, load
from infra.settings.machine import Concurrency, ConcurrencySettings, LocalSettings
from infra.settings.pace import PaceSettings
from infra.settings.providers import (
    FalSettings,
    ListedModel,
    OpenAISettings,
    ProvidersSettings,
    RealEsrganSettings,
)
from infra.settings.root import DELIMITER, PREFIX, Settings
from infra.settings.store import StoreSettings
from schemas.errors import InvalidSettings

__all__ = [
    "CONFIG_VARIABLE", "DEFAULT_CONFIG", "DELIMITER", "PREFIX", "AlignmentSettings", "Concurrency",
    "ConcurrencySettings", "FalSettings", "InvalidSettings", "JudgeSettings", "KafkaSettings", "ListedModel",
    "LocalSettings", "OpenAISettings", "PaceSettings", "Port", "ProvidersSettings", "RealEsrganSettings",
    "SaslMechanism", "SecurityProtocol", "Settings", "StoreSettings", "environment", "load",
]  # fmt: skip
