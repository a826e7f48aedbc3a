"""A warm headless Chromium with one page, controlled by the DevTools protocol."""

from __future__ import annotations

import asyncio
import base64
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp
import psutil

from schemas.images import Size

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
_START_LIMIT: Final = 30.0
"""Seconds within which the browser must start."""


class Page:
    """One tab."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, process: int) -> None:
        self._socket = socket
        self._process = psutil.Process(process)
        self._numbers = itertools.count(1)

    async def photograph(self, address: str, size: Size, quality: int) -> bytes:
        """A JPEG of the page at `address`, taken when it, its images and its fonts are loaded."""
        await self._call(
            "Emulation.setDeviceMetricsOverride",
            width=size.width, height=size.height, deviceScaleFactor=1, mobile=False,
        )  # fmt: skip
        await self._call("Page.navigate", address, until="Page.loadEventFired")
        await self._call("Runtime.evaluate", expression="document.fonts.ready", awaitPromise=True)
        shot = await self._call("Page.captureScreenshot", format="jpeg", quality=quality, optimizeForSpeed=True)
        return base64.b64decode(shot["data"])

    def cpu_seconds(self) -> float:
        """CPU seconds that the browser's processes have spent."""
        times = [process.cpu_times() for process in (self._process, *self._process.children(recursive=True))]
        return sum(each.user + each.system for each in times)

    async def _call(self, method: str, url: str = "", until: str = "", **parameters: Any) -> Any:
        """The result of `method`, after the event `until` if one is named."""
        number = next(self._numbers)
        parameters |= {"url": url} if url else {}
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        result, happened = None, not until
        while result is None or not happened:
            message = await self._socket.receive_json()
            if message.get("id") == number:
                result = message["result"]
            happened = happened or message.get("method") == until
        return result


def installed() -> str | None:
    """The path of a Chromium, or None."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


@asynccontextmanager
async def browser(path: str, fonts: Iterable[Path]) -> AsyncIterator[Page]:
    """The Chromium at `path` with one page. The folders `fonts` are system fonts, so pages need not load them."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        folders = "".join(f"<dir>{folder}</dir>" for folder in sorted(set(fonts)))
        settings = Path(profile) / "fonts.conf"
        settings.write_text(f"<fontconfig>{folders}<cachedir>{profile}/fonts</cachedir></fontconfig>", "utf-8")
        process = await asyncio.create_subprocess_exec(
            path, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-port=0",
            f"--user-data-dir={profile}", "about:blank",
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, "FONTCONFIG_FILE": str(settings)},
        )  # fmt: skip
        try:
            port = await asyncio.wait_for(_port(Path(profile) / "DevToolsActivePort"), _START_LIMIT)
            async with aiohttp.ClientSession() as session:
                async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                    pages = await answer.json()
                address = next(page["webSocketDebuggerUrl"] for page in pages if page["type"] == "page")
                async with session.ws_connect(address, max_msg_size=0) as socket:
                    page = Page(socket, process.pid)
                    await page._call("Page.enable")  # noqa: SLF001 - its own constructor cannot wait
                    yield page
        finally:
            process.terminate()
            await process.wait()


async def _port(file: Path) -> str:
    while (port := _written(file)) is None:  # noqa: ASYNC110 - another process writes it
        await asyncio.sleep(0.05)
    return port


def _written(file: Path) -> str | None:
    """The port in the browser's file, or None while the file is incomplete."""
    text = file.read_text("utf-8") if file.exists() else ""
    return text.split("\n")[0] if "\n" in text else None
