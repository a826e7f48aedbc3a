"""The settings of the language model that reads held signals."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, SecretStr, StringConstraints, model_validator

from infra.settings.group import Group
from infra.settings.providers import HEADER_WORD, BaseUrl


class JudgeSettings(Group):
    """The judge: a language model that reviews held signals (docs/safety.md#the-judge).

    It is a chat model behind OpenAI's API or a compatible server. It may clear a held signal that has headlines. It is
    off until `model` and either `key` or `base_url` are set.
    """

    key: SecretStr | None = None
    """Its API key."""
    base_url: BaseUrl | None = None
    """Server that speaks OpenAI's chat API, without the `/v1`. Unset: `https://api.openai.com`."""
    model: Annotated[str, StringConstraints(max_length=100, pattern=r"^[\w.:/@-]+$")] | None = None
    """Name of the language model; turns the judge on."""
    limit_seconds: Annotated[float, Field(gt=0, le=60)] = 10.0
    """Limit of its answer. A later answer leaves the signal held."""
    minimum_confidence: Annotated[float, Field(ge=0.5, le=1)] = 0.8
    """How sure it must be to clear a signal."""

    @property
    def is_on(self) -> bool:
        """Is there anyone to ask?"""
        return self.model is not None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.key is not None and not HEADER_WORD.fullmatch(self.key.get_secret_value()):
            raise ValueError("key has spaces or letters that no HTTP header carries; copy it again")
        if self.model and self.key is None and self.base_url is None:
            raise ValueError("model without a key or a base_url: say whose it is")
        if not self.model and (self.key is not None or self.base_url is not None):
            raise ValueError("key or base_url without a model: name the model that is to judge")
        return self
