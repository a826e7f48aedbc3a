"""A brief in a file, as the topics hold it, with its images beside it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from pydantic import ValidationError

from infra.campaigns.brand_files import store_artwork
from infra.storage.store import ObjectStore
from schemas.briefs import Brief
from schemas.errors import BrushfireError


async def read_brief(path: Path, store: ObjectStore) -> Brief:
    """The brief in the JSON file `path`, its images (whose paths count from that file) in `store`.

    Raises BrushfireError in words for whoever wrote the file.
    """
    brief = await asyncio.to_thread(_parsed, path)
    logo = await store_artwork(brief.brand.logo, path.parent, store)
    products = tuple([await store_artwork(product, path.parent, store) for product in brief.brand.products])
    brand = brief.brand.model_copy(update={"logo": logo, "products": products})
    return brief.model_copy(update={"brand": brand})


def _parsed(path: Path) -> Brief:
    try:
        return Brief.model_validate_json(path.read_bytes())
    except OSError as error:
        raise BrushfireError(f"{path} cannot be read: {error.strerror or error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise BrushfireError(f"{path} is no brief: {place}: {first['msg']}{more}") from error
