"""From bytes to an event, or to a sentence that says what is wrong with them: messages and stored records."""

from __future__ import annotations

from typing import TypeVar

from pydantic import ValidationError

from schemas.base import Event
from schemas.errors import MalformedMessage
from schemas.topics import Topic

E = TypeVar("E", bound=Event)
SHOWN_PROBLEMS = 3


def decode_message(topic: Topic, value: bytes | None) -> Event:
    """The event in `value`. Raises `MalformedMessage`, whatever the bytes are."""
    return decode_as(topic.model, topic.name, value)


def decode_as(model: type[E], name: str, value: bytes | None) -> E:
    """`value` as a `model`; `name` says where it came from. Raises `MalformedMessage`."""
    if not value:
        raise MalformedMessage(name, "the message is empty")
    try:
        return model.model_validate_json(value)
    except ValidationError as error:
        raise MalformedMessage(name, _sentence(error)) from None
    except (ValueError, RecursionError) as error:
        raise MalformedMessage(name, f"cannot be read: {error}") from None


def _sentence(error: ValidationError) -> str:
    details = error.errors(include_url=False, include_input=False, include_context=False)
    said = [f"{'.'.join(str(part) for part in d['loc']) or 'message'}: {d['msg']}" for d in details[:SHOWN_PROBLEMS]]
    more = len(details) - len(said)
    return "; ".join(said) + (f"; and {more} more" if more > 0 else "")
