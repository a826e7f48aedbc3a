"""The adapters under test: the settings of each at the simulator, its operations, and how its images arrive."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal

from infra.settings import FalSettings, OpenAISettings
from infra.settings.providers import (
    Automatic1111Settings,
    BflSettings,
    ComfyUISettings,
    CompatibleSettings,
    GeminiSettings,
    HttpProviderSettings,
    ReplicateSettings,
    StabilitySettings,
)
from schemas.generations import Operation
from tests.support.simulator.log import Api

Way = Literal["answer", "result", "view", "file"]
"""How the image arrives: in the call's own `answer`. The others are polled; then the image is in the poll's answer
(`result`), at a path of the API's own server (`view`), or at an address that the poll's answer names (`file`)."""

UNKNOWN_ID: Final = "00000000-0000-0000-0000-000000000000"
DRAWN: Final[tuple[Operation, ...]] = ("text-to-image", "image-to-image", "masked-edit")
_RATIOS: Final = ("1:1", "4:5", "5:4", "16:9", "9:16")
_FLUX: Final = {"prompt": "prompt", "aspect_ratio": "aspect_ratio", "seed": "seed"}


@dataclass(frozen=True)
class Adapter:
    """One adapter. `models` are the fields of the listed model, by operation. `seeds`: it takes one, it returns one."""

    name: Api
    group: type[HttpProviderSettings]
    models: dict[Operation, dict[str, Any]]
    way: Way
    seeds: tuple[bool, bool] = (True, True)
    has_policy: bool = True
    withdraws: bool = False
    ways: dict[Operation, Way] = field(default_factory=dict)
    wordless: tuple[Operation, ...] = ()

    def way_of(self, operation: Operation) -> Way:
        """How the image of `operation` arrives."""
        return self.ways.get(operation, self.way)

    def lost(self, address: str) -> str:
        """A request id that the provider does not know."""
        return f"{address}/v1/get_result?id={UNKNOWN_ID}" if self.name == "bfl" else UNKNOWN_ID


def _all(*operations: Operation, **fields: Any) -> dict[Operation, dict[str, Any]]:
    return {operation: {"operations": operations, **fields} for operation in operations}


def _slots(**fields: str) -> dict[str, Any]:
    return {"path": "owner/cheap", "slots": {**_FLUX, **fields}, "ratios": _RATIOS}


ADAPTERS: Final = {
    adapter.name: adapter
    for adapter in (
        Adapter(
            "fal", FalSettings, _all(*DRAWN, "upscale", "relight", path="fal-ai/cheap/fast"), "file", withdraws=True
        ),
        Adapter("openai", OpenAISettings, _all(*DRAWN, seed="none"), "answer", seeds=(False, False)),
        Adapter("compatible", CompatibleSettings, _all(*DRAWN), "answer", seeds=(True, False)),
        Adapter(
            "gemini", GeminiSettings, _all(*DRAWN[:2], ratios=_RATIOS, seed="none"), "answer", seeds=(False, False)
        ),
        Adapter(
            "replicate",
            ReplicateSettings,
            {
                "text-to-image": _slots(),
                "image-to-image": _slots(images="input_images") | {"path": f"owner/cheap:{'5c' * 32}"},
                "masked-edit": _slots(image="image", mask="mask"),
                "upscale": _slots(image="image"),
            },
            "file",
            seeds=(True, False),
            withdraws=True,
        ),
        Adapter("bfl", BflSettings, _all(*DRAWN, path="flux-cheap"), "file"),
        Adapter(
            "stability",
            StabilitySettings,
            {
                "text-to-image": {"path": "generate/core", "ratios": _RATIOS},
                "image-to-image": {"path": "generate/sd3", "ratios": _RATIOS, "parameters": {"model": "sd3.5-large"}},
                "masked-edit": {"path": "edit/inpaint"},
                "upscale": {"path": "upscale/conservative"},
                "relight": {"path": "edit/replace-background-and-relight"},
            },
            "answer",
            ways={"relight": "result"},
        ),
        Adapter(
            "automatic1111",
            Automatic1111Settings,
            _all(*DRAWN, "upscale"),
            "answer",
            has_policy=False,
            wordless=("upscale",),
        ),
        Adapter(
            "comfyui",
            ComfyUISettings,
            {
                "text-to-image": {"path": "text_to_image"},
                "image-to-image": {"path": "image_to_image"},
                "masked-edit": {"path": "masked_edit"},
                "upscale": {"path": "upscale"},
            },
            "view",
            seeds=(True, False),
            has_policy=False,
            withdraws=True,
            wordless=("upscale",),
        ),
    )
}
