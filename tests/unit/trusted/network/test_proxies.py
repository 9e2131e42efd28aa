"""The environment's proxies, read as curl reads them."""

from __future__ import annotations

import importlib.util

import pytest

from refapp.trusted.network.no_answer import Cause, NoAnswer
from refapp.trusted.network.proxies import Proxy, excepted, proxy_before

HTTP = "http://proxy.example:3128"


@pytest.mark.parametrize(
    ("environ", "variable"),
    [
        ({"https_proxy": HTTP, "HTTPS_PROXY": "http://x", "all_proxy": "http://y"}, "https_proxy"),
        ({"HTTPS_PROXY": HTTP, "all_proxy": "http://y", "http_proxy": "http://z"}, "HTTPS_PROXY"),
        ({"https_proxy": " ", "HTTPS_PROXY": HTTP}, "HTTPS_PROXY"),
        ({"all_proxy": HTTP, "ALL_PROXY": "http://y"}, "all_proxy"),
        ({"ALL_PROXY": HTTP, "no_proxy": "other.example"}, "ALL_PROXY"),
        ({"ALL_PROXY": HTTP, "no_proxy": "", "NO_PROXY": "other.example"}, "ALL_PROXY"),
    ],
)
def test_the_nearest_variable_names_the_proxy(environ: dict[str, str], variable: str) -> None:
    assert proxy_before("auth.example", 443, environ) == Proxy(HTTP, "proxy.example:3128", variable)


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"http_proxy": HTTP, "HTTP_PROXY": HTTP},
        {"HTTPS_PROXY": HTTP, "no_proxy": "*"},
        {"HTTPS_PROXY": HTTP, "NO_PROXY": "a.b, .example"},
        {"HTTPS_PROXY": "nonsense", "NO_PROXY": "auth.example"},
    ],
)
def test_there_may_be_none(environ: dict[str, str]) -> None:
    assert proxy_before("auth.example", 443, environ) is None


@pytest.mark.parametrize(
    ("written", "url", "name"),
    [
        ("proxy:1", "http://proxy:1", "proxy:1"),
        ("HTTP://proxy", "http://proxy:80", "proxy:80"),
        ("https://ada:s%40cret@proxy", "https://ada:s%40cret@proxy:443", "proxy:443"),
        ("http://[::1]:3128/", "http://[::1]:3128", "[::1]:3128"),
        ("http://10.0.0.1:3128", "http://10.0.0.1:3128", "10.0.0.1:3128"),
    ],
)
def test_a_proxy_is_named_without_its_password(written: str, url: str, name: str) -> None:
    proxy = proxy_before("auth.example", 443, {"HTTPS_PROXY": written})
    assert proxy == Proxy(url, name, "HTTPS_PROXY")
    assert "cret" not in repr(proxy)


@pytest.mark.parametrize(
    "written",
    [
        "http://ada:99/secret@proxy:3128",
        "http://ada:4711#x@proxy:3128",
        "ada:12?x@proxy:3128",
        "http://hunter2/x@proxy",
    ],
)
def test_nothing_of_a_password_that_is_not_escaped_is_taken_for_the_proxy(written: str) -> None:
    misspelt = NoAnswer(Cause.PROXY_MISSPELT, variable="HTTPS_PROXY")
    assert proxy_before("auth.example", 443, {"HTTPS_PROXY": written}) == misspelt


@pytest.mark.parametrize(
    "written",
    [
        "http://10.0.0.256:3128",
        "999.1.1.1",
        "http://ada:s\x7fcret@proxy:3128",
        "http://ada:s\udce4cret@proxy:3128",
        f"http://{'a' * 70_000}:3128",
    ],
    ids=["no address", "no address, alone", "a control character", "no UTF-8", "too long"],
)
def test_what_can_never_be_asked_is_misspelt(written: str) -> None:
    misspelt = NoAnswer(Cause.PROXY_MISSPELT, variable="HTTPS_PROXY")
    assert proxy_before("auth.example", 443, {"HTTPS_PROXY": written}) == misspelt


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
def test_socks_needs_what_httpx_needs_for_it(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environ = {"ALL_PROXY": f"{scheme}://ada:secret@proxy"}
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert proxy_before("auth.example", 443, environ) == NoAnswer(
        Cause.PROXY_NEEDS_SOCKS, variable="ALL_PROXY"
    )
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: object())
    there = Proxy(f"{scheme}://ada:secret@proxy:1080", "proxy:1080", "ALL_PROXY")
    assert proxy_before("auth.example", 443, environ) == there


@pytest.mark.parametrize(
    ("no_proxy", "excepts"),
    [
        ("auth.example", {"auth.example", "a.auth.example"}),
        (".auth.example", {"auth.example", "a.auth.example"}),
        ("*.auth.example", {"auth.example", "a.auth.example"}),
        ("AUTH.example.", {"auth.example", "a.auth.example"}),
        ("auth.example:443", {"auth.example", "a.auth.example"}),
        ("auth.example:8443", set()),
        ("example.org auth.example", {"auth.example", "a.auth.example"}),
        ("th.example", set()),
        ("10.1.2.3", {"10.1.2.3"}),
        ("10.0.0.0/8", {"10.1.2.3"}),
        ("10.1.2.3:443", {"10.1.2.3"}),
        ("10.1.2.3:80", set()),
        ("2.3", set()),
        ("10.0.0.0/99", set()),
        ("fd00::/8", {"fd00::1"}),
        ("[fd00::1]:443", {"fd00::1"}),
        ("[fd00::1]:80", set()),
        ("fd00::1", {"fd00::1"}),
        ("*", {"auth.example", "a.auth.example", "myauth.example", "10.1.2.3", "fd00::1"}),
        (", ,:,.,*.,:443", set()),
    ],
)
def test_no_proxy_excepts_what_it_names(no_proxy: str, excepts: set[str]) -> None:
    hosts = ("auth.example", "a.auth.example", "myauth.example", "10.1.2.3", "fd00::1")
    assert {host for host in hosts if excepted(host, 443, no_proxy)} == excepts


def test_a_trailing_dot_and_upper_case_name_the_same_host() -> None:
    assert excepted("AUTH.example.", 443, "auth.example")
