from __future__ import annotations

import httpx
import pytest
from pydantic import SecretStr

from infra.providers.http.access import Access, is_below

KEY = "user:pass-word"


def access(**changes) -> Access:
    fields = {
        "service": "bfl",
        "base_url": "https://api.bfl.ai",
        "key": SecretStr(KEY),
        "scheme": "",
        "header": "x-key",
    }
    limits = {"connect_seconds": 1, "answer_seconds": 1, "limit_seconds": 1, "key_hosts": ("bfl.ai",)}
    return Access(**{**fields, **limits, **changes})


@pytest.mark.parametrize(
    ("changes", "header"),
    [
        ({}, {"x-key": KEY}),
        ({"scheme": "Bearer", "header": "Authorization"}, {"Authorization": f"Bearer {KEY}"}),
        ({"scheme": "Basic", "header": "Authorization"}, {"Authorization": "Basic dXNlcjpwYXNzLXdvcmQ="}),
        ({"key": None}, {}),
    ],
)
def test_the_key_in_the_header_of_each(changes, header):
    assert access(**changes).authorization() == header


def test_both_forms_of_a_key_are_blotted_out():
    basic = access(scheme="Basic")
    assert basic.without_key(f"no: {KEY}, dXNlcjpwYXNzLXdvcmQ=") == "no: ***, ***"
    assert basic.without_key("the password pass-word is wrong") == "the password *** is wrong"
    assert KEY not in repr(basic)


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("https://api.bfl.ai/v1/get_result?id=1", True),
        ("https://api.eu1.bfl.ai/v1/get_result?id=1", True),
        ("https://api.eu1.bfl.ai:8443/v1/get_result", False),
        ("http://api.eu1.bfl.ai/v1/get_result", False),
        ("https://bfl.ai.evil.net/", False),
        ("https://evilbfl.ai/", False),
        ("https://api.bfl.ai@evil.net/", False),
        ("https://169.254.169.254/", False),
    ],
)
def test_where_the_key_may_go(address, may):
    assert access().may_see_key(httpx.URL(address)) is may


def test_without_key_hosts_only_home():
    assert not access(key_hosts=()).may_see_key(httpx.URL("https://api.eu1.bfl.ai/"))
    assert not is_below("", ())
