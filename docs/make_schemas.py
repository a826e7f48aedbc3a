#!/usr/bin/env python3
"""Write the JSON Schema and AsyncAPI documents: ``python docs/make_schemas.py DIR``; part of ``make docs``."""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path

from schemas.documents import documents


def write(directory: Path, brushfire_version: str) -> None:
    """Write every document below `directory`. Raises OSError."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, document in documents(brushfire_version).items():
        (directory / name).write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/schemas"), version("brushfire"))
