"""Forms: their fields as text, their files as bytes."""

from __future__ import annotations

from aiohttp import web


async def read_form(request: web.Request) -> tuple[dict[str, str], dict[str, list[tuple[str, bytes]]]]:
    """The texts by name, and the files by name, each with its own file name."""
    texts: dict[str, str] = {}
    files: dict[str, list[tuple[str, bytes]]] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            with value.file as file:
                files.setdefault(name, []).append((value.filename, file.read()))
        else:
            texts[name] = str(value)
    return texts, files
