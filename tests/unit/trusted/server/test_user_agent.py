"""How the app names itself, and what other programs' names become."""

from __future__ import annotations

import platform

import pytest
from hypothesis import given, strategies as st

from refapp.trusted.server.user_agent import (
    LONGEST,
    UNKNOWN,
    device_of,
    own_user_agent,
    system_name,
)

WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36"
)
MAC = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Safari/605.1.15"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 "
    "Mobile Safari/537.36"
)


@pytest.mark.parametrize(
    ("said", "device"),
    [
        ("refapp/0.1.0 (Debian GNU/Linux 12)", "refapp 0.1.0 on Debian GNU/Linux 12"),
        ("my-notes/2.0-rc1 (macOS 14.5)", "my-notes 2.0-rc1 on macOS 14.5"),
        (WINDOWS, "Chrome on Windows"),
        (f"{WINDOWS} Edg/142.0", "Edge on Windows"),
        (f"{WINDOWS} OPR/120.0", "Opera on Windows"),
        (MAC, "Safari on macOS"),
        (ANDROID, "Chrome on Android"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
            "Firefox on Linux",
        ),
        ("Mozilla/5.0 (compatible)", "A browser"),
        ("python-httpx/0.28.1", "python-httpx 0.28.1"),
        ("curl", "curl"),
        ("", UNKNOWN),
        ("\u202e", UNKNOWN),
        ("<script>alert(1)</script>", UNKNOWN),
        ("curl/8.0\r\nSet-Cookie: a=b", "curl 8.0Set-Cookie"),
    ],
)
def test_what_a_program_is_called(said: str, device: str) -> None:
    assert device_of(said) == device


@given(st.text(max_size=3000))
def test_any_name_becomes_one_short_line(said: str) -> None:
    device = device_of(said)
    assert 0 < len(device) <= LONGEST
    assert device.isprintable()


def test_the_app_can_read_its_own_name() -> None:
    named = own_user_agent("refapp/0.1.0")
    assert named.isascii()
    assert named.isprintable()
    assert platform.node() not in named
    assert device_of(named) == f"refapp 0.1.0 on {system_name()}"


@pytest.mark.parametrize(
    ("system", "release", "named"),
    [
        ("Linux", {"NAME": "Fedora Linux", "VERSION_ID": "43"}, "Fedora Linux 43"),
        ("Linux", {"NAME": "Arch (btw)\r\nx: y"}, "Arch btwx: y"),
        ("Linux", {"NAME": "\u65e5\u672c"}, "an unknown system"),
        ("Windows", {}, "Windows 11"),
        ("", {}, "11"),
    ],
)
def test_the_system_is_named_as_its_users_do(
    system: str, release: dict[str, str], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "release", lambda: "11")
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: release)
    assert system_name() == named


def test_a_linux_without_a_release_file_is_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> dict[str, str]:
        raise OSError

    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(platform, "freedesktop_os_release", none)
    assert system_name() == "Linux"
