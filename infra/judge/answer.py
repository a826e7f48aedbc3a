"""The judge's answer, which counts in one exact form or not at all."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

REASON_CHARACTERS: Final = 200
_LONGEST: Final = 2_000
"""Characters of an answer that are read: five times what is asked for."""


class Opinion(BaseModel):
    """What the judge says."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    ticket: str
    decision: Literal["clear", "keep"]
    confidence: Annotated[float, Field(ge=0, le=1)]
    reason: Annotated[str, Field(max_length=REASON_CHARACTERS)]


SCHEMA: Final[dict[str, Any]] = {
    "name": "opinion",
    "strict": True,
    "schema": {
        "type": "object",
        "additionalProperties": False,
        "required": ["ticket", "decision", "confidence", "reason"],
        "properties": {
            "ticket": {"type": "string"},
            "decision": {"type": "string", "enum": ["clear", "keep"]},
            "confidence": {"type": "number"},
            "reason": {"type": "string"},
        },
    },
}
"""The form as servers enforce it that know JSON Schema; `Opinion` holds it against those that do not."""


class _Message(BaseModel):
    role: Literal["assistant"]
    content: str
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: Literal["stop"]


class _Completion(BaseModel):
    choices: Annotated[list[_Choice], Field(min_length=1, max_length=1)]


def opinion(body: bytes, ticket: str) -> Opinion | None:
    """The opinion in the `body` of a chat completion; None where it is not exactly that, or not about `ticket`.

    An answer that was cut short, refused, or given twice is none. The ticket was drawn for this question, so that
    text which was written before it cannot hold the answer to it.
    """
    try:
        completion = _Completion.model_validate_json(body)
        said = completion.choices[0].message
        if said.refusal or len(said.content) > _LONGEST:
            return None
        given = Opinion.model_validate_json(said.content)
    except (ValidationError, UnicodeDecodeError, RecursionError):
        return None
    return given if given.ticket == ticket else None
