"""The entry point of `brushfire`: an expected error is a sentence, an interrupt is no error."""

from __future__ import annotations

import signal
import sys
from typing import NoReturn

from schemas.errors import BrushfireError
from workers.cli.exits import EXIT_INTERRUPTED, EXIT_USAGE


def main() -> None:
    """Run the command line. SIGTERM means what Ctrl-C means, from the first moment on."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    try:
        from workers.cli.app import app  # noqa: PLC0415 - the commands take a second to load: an interrupt may come

        app()
    except BrushfireError as error:
        from workers.cli.shared import say  # noqa: PLC0415 - loaded by now

        say(f"brushfire: {error}", style="bold red")
        sys.exit(EXIT_USAGE)


def _leave(*_: object) -> NoReturn:
    """End at once: nothing is running yet. Work that must be put in order has a handler of its own."""
    sys.exit(EXIT_INTERRUPTED)


if __name__ == "__main__":
    main()
