"""Messages that no one should send, and messages sent twice."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Literal

from infra.kafka.bus import limit_of
from schemas.topics import (
    BOARD_TOPICS,
    DRAFT_JOBS,
    DRAFTS,
    EXPRESS_OF,
    FINISH_JOBS,
    REFINE_JOBS,
    REFINEMENTS,
    RETRIES,
    SIGNALS,
    Topic,
)

Kind = Literal["random bytes", "truncated", "wrong version", "huge", "nested", "empty"]
WEIGHTS: dict[Kind, int] = {
    "random bytes": 300, "truncated": 300, "wrong version": 250, "nested": 140, "empty": 10,
}  # fmt: skip
"""How often each kind comes; `huge` ones are counted by hand, for they are megabytes."""

TARGETS: tuple[Topic, ...] = (SIGNALS, DRAFTS, REFINE_JOBS, REFINEMENTS, FINISH_JOBS, *BOARD_TOPICS,
                              *EXPRESS_OF.values(), *RETRIES)  # fmt: skip
"""All topics that a worker reads, but the draft jobs."""
JOBS_SHARE = 0.6
"""This share goes to the draft jobs, among the good ones."""
ROOM = 2_000
"""Bytes left for what the protocol adds to a message."""
DEEPEST = 100_000


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent; each malformed one differs from all others."""

    kind: Kind
    topic: Topic
    key: bytes | None
    value: bytes


def malformed(random: Random, count: int, huge: int, sample: bytes) -> Iterator[Message]:
    """`count` messages, `huge` of them huge. `sample` is a good draft job, from which some are made."""
    kinds: list[Kind] = ["huge"] * huge
    kinds += random.choices(list(WEIGHTS), list(WEIGHTS.values()), k=count - huge)
    random.shuffle(kinds)
    makers: dict[Kind, Callable[[Random, bytes], bytes]] = {
        "random bytes": _random_bytes,
        "truncated": _truncated,
        "wrong version": _wrong_version,
        "nested": _nested,
        "empty": lambda *_: b"",
    }
    for kind in kinds:
        topic = DRAFT_JOBS if random.random() < JOBS_SHARE else random.choice(TARGETS)
        key = random.randbytes(random.randint(1, 30)) if random.random() < 0.7 else None
        value = _huge(random, sample, limit_of(topic.name)) if kind == "huge" else makers[kind](random, sample)
        yield Message(kind, topic, key, value)


def _random_bytes(random: Random, _: bytes) -> bytes:
    return random.randbytes(random.randint(8, 4_000))


def _truncated(random: Random, sample: bytes) -> bytes:
    """Cut somewhere, behind a word of its own, so that no two are the same."""
    start = b'{"schema_version":1,"note":"%d",' % random.getrandbits(62)
    return start + sample[1 : random.randint(2, len(sample) - 2)]


def _wrong_version(random: Random, sample: bytes) -> bytes:
    value = json.loads(sample)
    value["schema_version"] = random.choice([0, 2, 99, "1.0", None, random.getrandbits(62)])
    value["variant"] = random.getrandbits(40)
    return json.dumps(value).encode()


def _huge(random: Random, sample: bytes, limit: int) -> bytes:
    """From 100 kB up to what the broker takes for the topic, the latter every fourth time."""
    size = limit - ROOM if random.random() < 0.25 else int(10 ** random.uniform(5.0, 6.5))
    value = {**json.loads(sample), "padding": ""}
    frame = len(json.dumps(value))
    value["padding"] = random.randbytes((size - frame) // 2).hex()
    return json.dumps(value).encode()


def _nested(random: Random, _: bytes) -> bytes:
    depth = random.randint(200, DEEPEST)
    opened, closed = random.choice([(b"[", b"]"), (b'{"a":', b"}")])
    whole = random.random() < 0.5
    inner = opened * depth + str(random.getrandbits(62)).encode() + (closed * depth if whole else b"")
    return b'{"schema_version":1,"request":' + inner + (b"}" if whole else b"")
