"""What an image model can be asked to do."""

from __future__ import annotations

from typing import Literal

Operation = Literal["text-to-image", "image-to-image", "masked-edit", "upscale", "relight"]
