"""The calls of fal's queue protocol, and what its answers mean."""

from __future__ import annotations

from typing import Any, Final

from infra.providers.http.answers import FIRST_ERROR, Answer, as_list, as_object, as_text, as_whole
from infra.providers.http.client import ApiClient
from infra.providers.http.provider import Made, known, text_of, unless_page
from schemas.errors import BadOutput, InvalidRequest, ProviderError, Refused

_UNPROCESSABLE: Final = 422
_TOO_MANY: Final = 429
_POLICY: Final = "content_policy"
_FORGOTTEN: Final = "fal no longer knows the request"
_NOBODY: Final = "00000000-0000-4000-8000-000000000000"
_NO_SUCH_REQUEST: Final = {404, 422}


class FalQueue:
    """Submits, looks and withdraws."""

    def __init__(self, client: ApiClient) -> None:
        self._client = client

    async def submit(self, endpoint: str, body: dict[str, Any], *, paid_usd: float) -> str:
        """Queue a request; returns its id. A time-out may have queued it unseen, and counts as `paid_usd`."""
        answer = await self._client.call("POST", f"/{endpoint}", json=body, paid_usd=paid_usd)
        if answer.status >= FIRST_ERROR:
            raise self.error(answer)
        return text_of(answer, "request_id", paid_usd)

    async def look(self, endpoint: str, request_id: str, *, paid_usd: float) -> Made | None:
        """What a request gave, None while it goes on; `paid_usd` is what it costs if it was made."""
        place = _place(endpoint, request_id)
        status = await self._status(place, paid_usd)
        if status.get("status") != "COMPLETED":
            return None
        answer = await self._result(place, paid_usd, has_failed=bool(status.get("error")))
        if answer.status >= FIRST_ERROR or status.get("error"):
            raise self._spent_ticket(answer, status, request_id)
        return _made(answer.json(spent_usd=paid_usd), request_id, paid_usd)

    async def cancel(self, endpoint: str, request_id: str) -> bool:
        """Withdraw a request, so that it is not billed; False where it is made already."""
        answer = await self._client.call("PUT", f"{_place(endpoint, request_id)}/cancel")
        return answer.status < FIRST_ERROR

    async def probe(self, endpoint: str) -> None:
        """Ask for a request that there never was. Raises a `ProviderError` where fal says anything but so."""
        answer = await self._client.call("GET", f"{_place(endpoint, _NOBODY)}/status")
        if answer.status >= FIRST_ERROR and answer.status not in _NO_SUCH_REQUEST:
            raise self.error(answer)

    def error(self, answer: Answer) -> ProviderError:
        """The error of an answer of 400 or more."""
        said = _said(answer)
        if _POLICY in said:
            return Refused(f"fal refuses: {self._client.words(said)}")
        return self._client.failure(answer, said)

    async def _status(self, place: str, paid_usd: float) -> dict[str, Any]:
        answer = known(await self._client.call("GET", f"{place}/status"), _FORGOTTEN, paid_usd)
        if answer.status >= FIRST_ERROR:
            raise self.error(answer)
        return unless_page(answer)

    async def _result(self, place: str, paid_usd: float, *, has_failed: bool) -> Answer:
        """The result; an error only where it is about fal's servers and not about the request."""
        answer = known(await self._client.call("GET", place), _FORGOTTEN, paid_usd)
        is_final = has_failed or answer.status == _UNPROCESSABLE or "x-fal-error-type" in answer.headers
        if answer.status >= FIRST_ERROR and (answer.status == _TOO_MANY or not is_final):
            raise self.error(answer)
        return answer

    def _spent_ticket(self, answer: Answer, status: dict[str, Any], request_id: str) -> ProviderError:
        """The error of a request that ended without an image; nothing is billed for one."""
        said = _said(answer) if answer.status >= FIRST_ERROR else str(status.get("error"))
        kind = f"{status.get('error_type', '')} {said}"
        message = f"fal ended {request_id}: {self._client.words(said)}"
        if _POLICY in kind:
            return Refused(message)
        if answer.status == _UNPROCESSABLE:
            return InvalidRequest(message)
        return BadOutput(message)


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


def _made(result: dict[str, Any], request_id: str, paid_usd: float) -> Made:
    images = as_list(result.get("images")) or [result.get("image")]
    if True in as_list(result.get("has_nsfw_concepts")):
        raise Refused(f"fal blacked out {request_id}: not safe for work", spent_usd=paid_usd)
    return Made(request_id, address=as_text(as_object(images[0]).get("url")), seed=as_whole(result.get("seed")))
