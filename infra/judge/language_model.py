"""Asks a language model about held signals, over OpenAI's chat API."""

from __future__ import annotations

import asyncio
import secrets
from typing import Final

import httpx

from infra.judge.conversation import Opinion, opinion, request
from infra.providers.http.answers import TooLong, read_body
from infra.settings.judge import JudgeSettings
from schemas.safety import Verdict
from schemas.signals import Signal, clean_text

OPENAI: Final = "https://api.openai.com"
PATH: Final = "/v1/chat/completions"
LARGEST_ANSWER: Final = 64 * 1024
"""Bytes of an answer that are read; the form takes 1 KB."""
_OK: Final = 200


class LanguageModelJudge:
    """A chat model behind OpenAI's API or a compatible server.

    Args:
        settings: The model, its server and its limits.
        transport: Replaces the network in tests.

    Raises:
        ValueError: The settings name no model.
    """

    def __init__(self, settings: JudgeSettings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        if settings.model is None:
            raise ValueError("the settings name no model to judge")
        self._settings = settings
        self._model = settings.model
        self._url = (settings.base_url or OPENAI).rstrip("/") + PATH
        key = settings.key.get_secret_value() if settings.key else None
        self._client = httpx.AsyncClient(
            transport=transport,
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=settings.limit_seconds,
            follow_redirects=False,
        )

    async def review(self, signal: Signal, verdict: Verdict) -> Verdict:
        """`verdict`, or one that clears the signal if it was held and the model is sure that it is harmless.

        Never raises for what the model or the network does. A keyword without headlines stays held: a model cannot
        know what happened today. What is blocked stays blocked, and the model is not asked.
        """
        if verdict.decision != "held" or not signal.headlines:
            return verdict
        given = await self._ask(signal, verdict)
        if given is None or given.decision != "clear" or given.confidence < self._settings.minimum_confidence:
            return verdict
        reason = f"cleared by {self._model}, {given.confidence:.0%} sure: {clean_text(given.reason, 200)}"
        return verdict.model_copy(update={"decision": "clear", "reason": reason, "judged_by": self._model})

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _ask(self, signal: Signal, verdict: Verdict) -> Opinion | None:
        ticket = secrets.token_hex(8)
        body = request(self._model, signal, verdict, ticket)
        try:
            async with (
                asyncio.timeout(self._settings.limit_seconds),
                self._client.stream("POST", self._url, json=body) as response,
            ):
                return (
                    opinion(await read_body(response, LARGEST_ANSWER), ticket) if response.status_code == _OK else None
                )
        except (TimeoutError, httpx.HTTPError, TooLong):
            return None


def open_judge(settings: JudgeSettings) -> LanguageModelJudge | None:
    """The judge that the settings name, or None."""
    return LanguageModelJudge(settings) if settings.is_on else None
