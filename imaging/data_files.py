"""The only module of `imaging` that touches the file system: it reads the data that installed packages carry.

Font engines and neural networks open their files by path, so a path is what most callers ask for.
"""

from __future__ import annotations

import hashlib
import tempfile
from functools import lru_cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO


def data_path(package: str, name: str) -> str:
    """The path of the file `name` (its folders separated by ``/``) in an installed package."""
    return str(files(package).joinpath(name))


def read_text(package: str, name: str) -> str:
    """The UTF-8 text of the file `name` in an installed package."""
    return Path(data_path(package, name)).read_text("utf-8")


def read_bytes(package: str, name: str) -> bytes:
    """The content of the file `name` in an installed package."""
    return Path(data_path(package, name)).read_bytes()


def unimported_path(package: str, name: str) -> str:
    """As `data_path`, of a package that cannot be imported; of one that is not installed, a path to nothing."""
    found = find_spec(package)
    folders = (found.submodule_search_locations if found is not None else None) or ()
    return str(Path(next(iter(folders), ""), name))


def open_binary(path: str) -> BinaryIO:
    """The file at `path`, opened for reading bytes; the caller closes it."""
    return Path(path).open("rb")


def keep(data: bytes, suffix: str) -> str:
    """The path of a file that holds `data` as long as this process runs, for what can only be opened by path."""
    path = Path(_folder().name) / f"{hashlib.sha256(data).hexdigest()}{suffix}"
    path.write_bytes(data)
    return str(path)


@lru_cache(maxsize=1)
def _folder() -> tempfile.TemporaryDirectory[str]:
    """A folder that is deleted when the process ends."""
    return tempfile.TemporaryDirectory(prefix="brushfire-")
