"""The calls of fal's queue protocol, and what its answers mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NoReturn

from infra.providers.http.answers import Answer
from infra.providers.http.client import ApiClient
from infra.providers.http.patience import Delay, patiently
from schemas.errors import BadOutput, InvalidRequest, ProviderError, Refused, Unavailable

_FIRST_ERROR: Final = 400
_NOT_FOUND: Final = 404
_UNPROCESSABLE: Final = 422
_TOO_MANY: Final = 429
_POLICY: Final = "content_policy"


@dataclass(frozen=True, slots=True)
class Finished:
    """What a finished request gave. `is_blanked`: the model's own filter blacked the picture out."""

    picture_url: str | None
    seed: int | None
    is_blanked: bool


class FalQueue:
    """Submits, waits, and withdraws what takes too long."""

    def __init__(self, client: ApiClient) -> None:
        self._client = client

    async def submit(self, endpoint: str, body: dict[str, Any], *, paid_usd: float) -> str:
        """Queue a request; returns its id. A time-out may have queued it unseen, and counts as `paid_usd`."""
        answer = await self._client.call("POST", f"/{endpoint}", json=body, paid_usd=paid_usd)
        if answer.status >= _FIRST_ERROR:
            raise self._error(answer)
        request_id = answer.json(spent_usd=paid_usd).get("request_id")
        if not isinstance(request_id, str) or not request_id:
            raise BadOutput("fal took the request and told no request_id", spent_usd=paid_usd)
        return request_id

    async def finished(self, endpoint: str, request_id: str, *, until: float, paid_usd: float) -> Finished:
        """Wait for a request and read its result; `paid_usd` is what it costs if it was made.

        What is not done at the loop's time `until` is withdrawn, so that it is not billed.
        """
        place = _place(endpoint, request_id)
        status = await self._completed(place, until, paid_usd)
        answer = await patiently(lambda: self._result(place, paid_usd, has_failed=bool(status.get("error"))), until)
        if answer.status >= _FIRST_ERROR or status.get("error"):
            raise self._spent_ticket(answer, status, request_id)
        return _finished(answer.json(spent_usd=paid_usd))

    async def _completed(self, place: str, until: float, paid_usd: float) -> dict[str, Any]:
        """The status of a request that is done, polled for."""
        delay = Delay(until)
        while True:
            status = await patiently(lambda: self._status(place, paid_usd), until)
            if status.get("status") == "COMPLETED":
                return status
            if not await delay.over():
                await self._withdraw(place)

    async def _status(self, place: str, paid_usd: float) -> dict[str, Any]:
        answer = await self._client.call("GET", f"{place}/status")
        self._check_known(answer, paid_usd)
        if answer.status >= _FIRST_ERROR:
            raise self._error(answer)
        try:
            return answer.json()
        except BadOutput as error:  # a gateway's page: nothing is known of the request, which goes on
            raise Unavailable(str(error)) from None

    async def _result(self, place: str, paid_usd: float, *, has_failed: bool) -> Answer:
        """The result; an error only where it is about fal's servers and not about the request."""
        answer = await self._client.call("GET", place)
        self._check_known(answer, paid_usd)
        is_final = has_failed or answer.status == _UNPROCESSABLE or "x-fal-error-type" in answer.headers
        if answer.status >= _FIRST_ERROR and (answer.status == _TOO_MANY or not is_final):
            raise self._error(answer)
        return answer

    def _check_known(self, answer: Answer, paid_usd: float) -> None:
        if answer.status == _NOT_FOUND:
            raise BadOutput("fal no longer knows the request", spent_usd=paid_usd)

    async def _withdraw(self, place: str) -> NoReturn:
        """Cancel a request that takes too long. Raises BadOutput when it is cancelled, Unavailable when it is not."""
        answer = await self._client.call("PUT", f"{place}/cancel")
        if answer.status < _FIRST_ERROR:
            raise BadOutput("fal made no picture in time; the request was withdrawn")
        raise Unavailable("fal made no picture in time, or just so; the request can be collected again")

    def _spent_ticket(self, answer: Answer, status: dict[str, Any], request_id: str) -> ProviderError:
        """The error of a request that ended without a picture; nothing is billed for one."""
        said = _said(answer) if answer.status >= _FIRST_ERROR else str(status.get("error"))
        kind = f"{status.get('error_type', '')} {said}"
        message = self._client.without_key(f"fal ended {request_id}: {said}"[:400])
        if _POLICY in kind:
            return Refused(message)
        if answer.status == _UNPROCESSABLE:
            return InvalidRequest(message)
        return BadOutput(message)

    def _error(self, answer: Answer) -> ProviderError:
        said = _said(answer)
        if _POLICY in said:
            return Refused(self._client.without_key(f"fal refuses: {said}"[:400]))
        return self._client.failure(answer, said)


def _place(endpoint: str, request_id: str) -> str:
    """A request's path: fal keeps requests under owner and alias, without the rest of the endpoint."""
    owner_and_alias = "/".join(endpoint.split("/")[:2])
    return f"/{owner_and_alias}/requests/{request_id}"


def _said(answer: Answer) -> str:
    """What an error's body says: a text, or a list of findings with type and message."""
    detail = answer.error_body().get("detail", "")
    if not isinstance(detail, list):
        return str(detail)
    findings = [finding for finding in detail if isinstance(finding, dict)]
    return "; ".join(f"{finding.get('type', '')}: {finding.get('msg', '')}" for finding in findings)


def _finished(result: dict[str, Any]) -> Finished:
    images = result.get("images") or [result.get("image")]
    first = images[0] if isinstance(images, list) and isinstance(images[0], dict) else {}
    url, seed, flags = first.get("url"), result.get("seed"), result.get("has_nsfw_concepts")
    return Finished(
        picture_url=url if isinstance(url, str) else None,
        seed=seed if isinstance(seed, int) else None,
        is_blanked=isinstance(flags, list) and True in flags,
    )
