"""What the window process is given of the app's environment."""

from __future__ import annotations

from pathlib import Path

from refapp.trusted.start.spawn import ALLOCATOR, environment


def test_nothing_is_passed_on_but_display_language_time_zone_and_places_of_fonts(
    tmp_path: Path,
) -> None:
    outer = {
        "DISPLAY": ":1",
        "TZ": "UTC",
        "PATH": "/evil",
        "HOME": "/home/ada",
        "HTTPS_PROXY": "p",
        "LD_PRELOAD": "x.so",
    }
    fonts = {
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": f"{tmp_path}/.local/share",
        "XDG_CACHE_HOME": f"{tmp_path}/.cache",
        "XDG_CONFIG_HOME": f"{tmp_path}/.config",
    }
    assert environment(outer, str(tmp_path)) == {
        "DISPLAY": ":1",
        "TZ": "UTC",
        "PATH": "/usr/bin:/bin",
        **ALLOCATOR,
        **fonts,
    }


def test_the_cookie_of_the_display_is_named_where_there_is_one(tmp_path: Path) -> None:
    (tmp_path / ".Xauthority").touch()
    assert environment({}, str(tmp_path))["XAUTHORITY"] == f"{tmp_path}/.Xauthority"
