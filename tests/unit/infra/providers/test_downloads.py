from __future__ import annotations

import httpx
import pytest

from infra.providers.http import images
from infra.providers.http.images import download
from schemas.errors import BadOutput, InvalidRequest, Unavailable

GOOD = "https://cdn.example.org/a.png"


@pytest.mark.parametrize("address", [GOOD, "https://eu.cdn.example.org/a.png", "https://api.example.com/files/a.png"])
async def test_a_known_host_is_asked_without_the_key(client_for, address):
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, content=b"bytes", headers={"content-type": "image/png"})

    fetched = await download(client_for(answer), address, spent_usd=0.1)
    assert (fetched.data, fetched.content_type) == (b"bytes", "image/png")
    assert "authorization" not in asked[0].headers


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example.net/a.png",
        "https://evilcdn.example.org/a.png",
        "https://cdn.example.org.evil.net/a.png",
        "https://cdn.example.org@evil.net/a.png",
        "http://cdn.example.org/a.png",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "http://api.example.com/a.png",
        "https://api.example.com:8443/a.png",
        "https://cdn.example.org:6379/a.png",
        "file:///etc/passwd",
        "",
    ],
)
@pytest.mark.parametrize("redirected", [False, True])
async def test_no_other_host_is_ever_asked(client_for, address, redirected):
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers={"location": address or "//"})

    with pytest.raises((InvalidRequest, BadOutput)) as caught:
        await download(client_for(answer), GOOD if redirected else address, spent_usd=0.1)
    assert caught.value.spent_usd == 0.1
    assert set(asked) <= {GOOD}


async def test_a_redirect_within_the_known_hosts_is_followed(client_for):
    def answer(request: httpx.Request) -> httpx.Response:
        moved = request.url.path == "/a.png"
        return httpx.Response(302, headers={"location": "/b.png"}) if moved else httpx.Response(200, content=b"b")

    assert (await download(client_for(answer), GOOD, spent_usd=0)).data == b"b"


async def test_redirects_end(client_for):
    with pytest.raises(BadOutput, match="without end"):
        await download(client_for(lambda _: httpx.Response(302, headers={"location": GOOD})), GOOD, spent_usd=0)


async def test_no_more_than_the_limit_is_read(client_for, monkeypatch):
    monkeypatch.setattr(images, "LARGEST_IMAGE", 1000)
    read = 0

    async def endless():
        nonlocal read
        while True:
            read += 100
            yield bytes(100)

    with pytest.raises(BadOutput, match="more than"):
        await download(client_for(lambda _: httpx.Response(200, content=endless())), GOOD, spent_usd=0)
    assert read <= 1200


@pytest.mark.parametrize(
    ("status", "error"), [(404, BadOutput), (403, BadOutput), (429, Unavailable), (502, Unavailable)]
)
async def test_an_image_that_cannot_be_had(client_for, status, error):
    with pytest.raises(error) as caught:
        await download(client_for(lambda _: httpx.Response(status)), GOOD, spent_usd=0.1)
    assert caught.value.spent_usd == (0.1 if error is BadOutput else 0.0)  # Unavailable: to be fetched again
