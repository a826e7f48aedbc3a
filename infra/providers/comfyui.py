"""ComfyUI as a provider: upload the images, queue a workflow, poll its history, fetch the image.

https://docs.comfy.org/development/comfyui-server/comms_routes. The path of a listed model names its workflow; see
`comfyui_templates`. The queue is in memory: a request that the server has dropped is lost. There is no content policy.
"""

from __future__ import annotations

from typing import Any, ClassVar

from infra.providers.base import BlobReader
from infra.providers.comfyui_templates import Template, load_template
from infra.providers.http.answers import Answer, as_list, as_object, poll_body, text_of, unless_gone
from infra.providers.http.client import ApiClient
from infra.providers.http.listing import Listing
from infra.providers.http.orders import Attachment, Order
from infra.providers.http.pricing import usual_price
from infra.providers.http.provider import ApiResult, HttpProvider
from infra.settings import ListedModel
from schemas.errors import BadOutput
from schemas.identifiers import content_key

_FOLDER = "brushfire"


class ComfyUIProvider(HttpProvider):
    """The workflows of a ComfyUI server. They are read when it is opened. Raises InvalidSettings."""

    probe_path: ClassVar[str] = "/system_stats"

    def __init__(self, name: str, client: ApiClient, listing: Listing, blobs: BlobReader) -> None:
        super().__init__(name, client, listing, blobs)
        self._templates: dict[str, Template] = {card.version: load_template(card.version) for card in listing.cards()}

    async def _begin(self, order: Order) -> str:
        template = self._templates[order.model.called]
        graph = template.filled(await self._values(order), order.model.parameters)
        answer = await self._client.call("POST", "/prompt", json={"prompt": graph}, paid_usd=order.price_usd)
        return text_of(self._checked(answer), "prompt_id", order.price_usd)

    async def _look(self, model: ListedModel, request_id: str) -> ApiResult | None:
        entry = await self._history(request_id)
        if entry is None:
            if await self._is_queued(request_id):
                return None
            entry = await self._history(request_id)  # it may have ended between the two calls
        if entry is None:
            raise BadOutput(f"comfyui no longer knows {request_id}: it was restarted, or the queue cleared")
        status = as_object(entry.get("status"))
        if status.get("status_str") == "error":
            raise BadOutput(f"comfyui ended {request_id}: {self._client.words(_reason(status.get('messages')))}")
        spent, node = usual_price(model), self._templates[model.called].output
        return await self._fetched(request_id, _place(entry.get("outputs"), node, spent), spent)

    async def _withdraw(self, model: ListedModel, request_id: str) -> float | None:  # noqa: ARG002 - nothing is billed
        """Remove it from the queue. One that runs goes on: older servers would interrupt any request that runs."""
        await self._client.call("POST", "/queue", json={"delete": [request_id]})
        return None if await self._is_queued(request_id) or await self._history(request_id) else 0.0

    async def _history(self, request_id: str) -> dict[str, Any] | None:
        answer = await self._client.call("GET", f"/history/{request_id}")
        entry = poll_body(self._checked(answer)).get(request_id)
        return entry if isinstance(entry, dict) else None

    async def _is_queued(self, request_id: str) -> bool:
        body = poll_body(self._checked(await self._client.call("GET", "/queue")))
        entries = [*as_list(body.get("queue_running")), *as_list(body.get("queue_pending"))]
        return any(request_id in entry[:2] for entry in entries if isinstance(entry, list))

    async def _fetched(self, request_id: str, place: dict[str, str], spent: float) -> ApiResult:
        """The image from the server itself, with the key of a proxy before it."""
        answer = await self._client.call("GET", "/view", params=place, made_usd=spent)
        self._checked(unless_gone(answer, "comfyui no longer has the image", spent))
        return ApiResult(request_id, answer.body, content_type=answer.headers.get("content-type", ""))

    async def _values(self, order: Order) -> dict[str, Any]:
        values: dict[str, Any] = {"prompt": order.prompt, "negative_prompt": order.negatives, "seed": order.seed}
        values |= {"width": order.size.width, "height": order.size.height, "strength": order.request.strength}
        if order.references:
            values["image"] = await self._uploaded(order.references[0])
        if order.mask is not None:  # LoadImageMask draws the transparent part
            values["mask"] = await self._uploaded(order.mask)
        return values

    async def _uploaded(self, image: Attachment) -> str:
        """Upload `image`. Returns its name on the server; that comes from its content, so a repeat changes nothing."""
        name = content_key(image.data, image.media_type).rpartition("/")[2]
        form = {"subfolder": _FOLDER, "type": "input", "overwrite": "true"}
        files = {"image": (name, image.data, image.media_type)}
        answer = self._checked(await self._client.call("POST", "/upload/image", data=form, files=files))
        body = answer.json()
        return "/".join(str(body[part]) for part in ("subfolder", "name") if body.get(part))

    def _said(self, answer: Answer) -> str:
        """The error and, for a rejected workflow, the first wrong node."""
        body = answer.error_body()
        error = as_object(body.get("error")) or {"message": body.get("error")}
        parts = [error.get("message"), error.get("details")]
        for node, errors in as_object(body.get("node_errors")).items():
            found = as_object(errors)
            wrong = as_object(next(iter(as_list(found.get("errors"))), None))
            parts.append(f"{found.get('class_type')} ({node}): {wrong.get('message')} {wrong.get('details')}")
            break
        return "; ".join(str(part) for part in parts if part)


def _place(outputs: object, node: str, spent: float) -> dict[str, str]:
    """Where the image of `node` is. Raises BadOutput where there is none."""
    images = as_list(as_object(as_object(outputs).get(node)).get("images"))
    image = as_object(next(iter(images), None))
    if not image.get("filename"):
        raise BadOutput("comfyui's workflow ended without an image", spent_usd=spent)
    return {name: str(image.get(name) or "") for name in ("filename", "subfolder", "type")}


def _reason(messages: object) -> str:
    """The last error of an execution: the node, and the type and message of the exception."""
    for message in reversed(as_list(messages)):
        if as_list(message)[:1] in (["execution_error"], ["execution_interrupted"]):
            last = as_object(message[-1])
            parts = (message[0], *(last.get(name) for name in ("node_type", "exception_type", "exception_message")))
            return " ".join(str(part) for part in parts if part)
    return "no reason given"
