"""Deterministic ids: the same work has the same id in every process, after every restart.

An id is the first 20 hex digits (80 bits) of a SHA-256 over its parts; among a million ids a
collision has a chance below 1e-12 (birthday bound n^2 / 2^81).
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from typing import Final

_SUFFIX: Final = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "font/ttf": "ttf"}


def digest(parts: Iterable[object]) -> str:
    """The first 20 hex digits of the SHA-256 of `parts`, each with its length, so that parts cannot run together."""
    state = hashlib.sha256()
    for part in parts:
        encoded = str(part).encode("utf-8", "surrogatepass")
        state.update(f"{len(encoded)}:".encode())
        state.update(encoded)
    return state.hexdigest()[:20]


def signal_id(source: str, market: str, topic: str, observed: str) -> str:
    """The id of a signal: one source seeing one topic in one market at one moment."""
    return "sig-" + digest((source, market, topic, observed))


def topic_key(topic: str, market: str) -> str:
    """The key of a trend, shared by signals with the same market and topic (case, width and spacing are ignored)."""
    plain = " ".join(unicodedata.normalize("NFKC", topic).casefold().split())
    return "topic-" + digest((plain, market))


def brief_id(campaign: str, signal: str) -> str:
    """The id of one campaign answering one signal."""
    return "brf-" + digest((campaign, signal))


def draft_id(brief: str, variant: int, model: str, seed: int, prompt_version: str) -> str:
    """The id of a draft job, and so of the draft and the candidate that it becomes."""
    return "drf-" + digest((brief, variant, model, seed, prompt_version))


def refinement_id(candidate: str, model: str, form: str, attempt: int) -> str:
    """The id of one attempt to refine a candidate for one format."""
    return "ref-" + digest((candidate, model, form, attempt))


def asset_id(brief: str, candidate: str) -> str:
    """The id of the asset that a candidate of a brief becomes."""
    return "ast-" + digest((brief, candidate))


def seed_for(brief: str, variant: int) -> int:
    """A 31-bit seed for a variant (the range that every provider with seeds accepts).

    The variants of a brief have consecutive seeds, so that a model can spread them evenly if it knows how.
    """
    return (int(digest(("seed", brief))[:8], 16) + variant) & 0x7FFF_FFFF


def content_key(data: bytes, media_type: str) -> str:
    """The object name of `data`: its whole SHA-256 under a two-digit folder, with the ending of its type."""
    name = hashlib.sha256(data).hexdigest()
    return f"sha256/{name[:2]}/{name}.{_SUFFIX.get(media_type, 'bin')}"
