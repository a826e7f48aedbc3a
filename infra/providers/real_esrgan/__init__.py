"""Real-ESRGAN: a small neural network that enlarges images on this machine (the optional extra `neural`)."""

from infra.providers.real_esrgan.cards import MODELS
from infra.providers.real_esrgan.installed import INSTALL, is_installed
from infra.providers.real_esrgan.limits import SAME_RATIO, check_reference
from infra.providers.real_esrgan.provider import RealEsrganProvider
from infra.providers.real_esrgan.upscaler import Upscaler, resized

__all__ = [
    "INSTALL",
    "MODELS",
    "SAME_RATIO",
    "RealEsrganProvider",
    "Upscaler",
    "check_reference",
    "is_installed",
    "resized",
]
