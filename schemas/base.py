"""The two base classes of all schemas: `Model` for values, `Event` for messages."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,127}$")]
"""An id that is safe as a Kafka key, an object name and a file name."""

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")]
"""A BCP 47 tag of a language, such as ``en``, ``ja`` or ``zh-Hant``."""

Market = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""An ISO 3166-1 alpha-2 country code."""

Dollars = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]
"""US dollars, never negative."""

Instant = AwareDatetime
"""A point in time with its zone; a time without a zone is rejected."""


def base_language(tag: str) -> str:
    """The language of a BCP 47 tag in lower case, without script and region: ``zh`` of ``zh-Hant``."""
    return tag.split("-", maxsplit=1)[0].lower()


class Model(BaseModel):
    """A value: immutable, and rejects unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Event(Model):
    """A message: a value that names the version of its schema."""

    schema_version: Literal[1] = 1
