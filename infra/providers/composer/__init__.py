"""The composer: the default image model. It draws ads from a brand kit and its copy, on the CPU, without a network."""

from infra.providers.composer.fonts import families
from infra.providers.composer.provider import ComposerProvider

__all__ = ["ComposerProvider", "families"]
