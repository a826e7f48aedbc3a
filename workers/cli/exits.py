"""The exit codes."""

from __future__ import annotations

from typing import Final

EXIT_TROUBLE: Final = 1
EXIT_USAGE: Final = 2
EXIT_INTERRUPTED: Final = 130
"""What a shell reports of a program that Ctrl-C ended: 128 and the number of SIGINT."""
