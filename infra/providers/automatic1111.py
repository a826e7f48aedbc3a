"""AUTOMATIC1111's web UI, and Forge, as a provider: one call, the image in its answer.

https://github.com/AUTOMATIC1111/stable-diffusion-webui/wiki/API; the server runs with ``--api``. In masks white
is drawn again. There is no content policy, and so no refusal.
"""

from __future__ import annotations

import base64
import json
from typing import Any, ClassVar, Final

from infra.providers.http.answers import Answer, as_list, as_object, as_whole
from infra.providers.http.masks import white_where_drawn
from infra.providers.http.orders import Order, decoded
from infra.providers.http.provider import ApiResult, HttpProvider, unusable

_INPAINTING_FROM_ORIGINAL: Final = 1
_TO_SIZE: Final = 1
_ANY_SEED: Final = -1
_USUAL_UPSCALER: Final = "R-ESRGAN 4x+"


class Automatic1111Provider(HttpProvider):
    """The checkpoints of a web UI; the path of a listed model is the checkpoint's name."""

    probe_path: ClassVar[str] = "/sdapi/v1/sd-models"

    async def _begin(self, order: Order) -> ApiResult:
        path, body = await _call(order)
        limit = self._client.access.limit_seconds
        answer = await self._client.call("POST", path, seconds=limit, paid_usd=order.price_usd, json=body)
        return self._result(self._checked(answer).json(spent_usd=order.price_usd), order.price_usd)

    def _result(self, body: dict[str, Any], price: float) -> ApiResult:
        first = next(iter(as_list(body.get("images"))), body.get("image"))
        info = _info(body.get("info"))
        version = " ".join(str(info[name]) for name in ("sd_model_name", "sd_model_hash") if info.get(name))
        return ApiResult("", decoded(first, self.name, price), seed=as_whole(info.get("seed")), version=version)

    def _said(self, answer: Answer) -> str:
        body = answer.error_body()
        parts = (body.get("error"), body.get("errors"), body.get("detail"))
        return ": ".join(str(part) for part in parts if part)


async def _call(order: Order) -> tuple[str, dict[str, Any]]:
    """The path and the body."""
    match order.request.operation:
        case "text-to-image":
            return "/sdapi/v1/txt2img", _drawn(order)
        case "image-to-image" | "masked-edit":
            return "/sdapi/v1/img2img", _drawn(order) | await _redrawn(order)
        case "upscale":
            return "/sdapi/v1/extra-single-image", _enlarged(order)
        case other:
            raise unusable(other, "automatic1111")


def _drawn(order: Order) -> dict[str, Any]:
    return {
        "override_settings": {"sd_model_checkpoint": order.model.called},
        **order.model.parameters,
        "prompt": order.prompt,
        "negative_prompt": order.negatives,
        "seed": _ANY_SEED if order.seed is None else order.seed,
        "width": order.size.width,
        "height": order.size.height,
        "batch_size": 1,
        "n_iter": 1,
        "send_images": True,
        "save_images": False,
    }


async def _redrawn(order: Order) -> dict[str, Any]:
    body: dict[str, Any] = {"init_images": [order.references[0].base64]}
    if order.request.strength is not None:
        body["denoising_strength"] = order.request.strength
    if order.mask is not None:
        white = await white_where_drawn(order.mask.data)
        body |= {"mask": base64.b64encode(white).decode(), "inpainting_mask_invert": 0}
        body |= {"inpainting_fill": _INPAINTING_FROM_ORIGINAL, "inpaint_full_res": False}
    return body


def _enlarged(order: Order) -> dict[str, Any]:
    return {
        "upscaler_1": _USUAL_UPSCALER,
        **order.model.parameters,
        "image": order.references[0].base64,
        "resize_mode": _TO_SIZE,
        "upscaling_resize_w": order.size.width,
        "upscaling_resize_h": order.size.height,
        "upscaling_crop": True,
    }


def _info(text: object) -> dict[str, Any]:
    """What the answer reports of the image: JSON within a string; empty where it is not that."""
    try:
        return as_object(json.loads(text) if isinstance(text, str) else text)
    except json.JSONDecodeError:
        return {}
