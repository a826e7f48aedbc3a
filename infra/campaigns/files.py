"""Files beside a campaign, which may be from a stranger."""

from __future__ import annotations

from pathlib import Path


def read_beside(name: str, directory: Path, limit: int, kind: str) -> bytes:
    """The bytes of the `kind` (image, font) `name` below `directory`, at most `limit` of them.

    A campaign must not read the machine's other files. Raises ValueError, in words for the campaign's author.
    """
    path = (directory / name).resolve()
    if not path.is_relative_to(directory.resolve()):
        raise ValueError(f"lies outside the campaign's directory; put the {kind} beside the campaign")
    try:
        if not path.is_file():
            raise ValueError("does not exist; write its path as seen from the campaign's file")
        if path.stat().st_size > limit:
            raise ValueError(f"is above {limit // 1_048_576} MB; save it smaller")
        return path.read_bytes()
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror or error}") from error
