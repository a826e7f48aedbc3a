"""What every group of settings is made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Port = Annotated[int, Field(ge=1, le=65_535)]


class Group(BaseModel):
    """Settings that belong together: immutable, and refusing keys that they do not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def split(value: object) -> object:
    """``a, b`` as a tuple, the form of a list of words in the environment; anything else unchanged."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value
