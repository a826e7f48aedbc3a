"""Real-ESRGAN: a small neural network that enlarges pictures on this machine (the optional extra `neural`)."""

from infra.providers.real_esrgan.installed import INSTALL, is_installed
from infra.providers.real_esrgan.upscaler import Upscaler, resized

__all__ = ["INSTALL", "Upscaler", "is_installed", "resized"]
