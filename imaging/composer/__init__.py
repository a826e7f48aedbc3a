"""The composer: the default image model. It draws ads from a brand kit and its copy, on the CPU, without a network."""

from imaging.fonts.registry import families
from infra.providers.composer import ComposerProvider

__all__ = ["ComposerProvider", "families"]
