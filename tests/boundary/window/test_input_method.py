"""Input methods in the locked window, behind the gate: what is composed with ibus or fcitx (XIM)
arrives, is kept, is synced.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from refapp.tour.desktop import PrivateDesktop
from refapp.tour.private_server import PrivateServer
from refapp.tour.running_app import RunningApp
from refapp.tour.secret_service import PrivateSecretService
from refapp.tour.trace import NotSeen
from refapp.tour.walk import sign_in

LIMIT_S = 30.0
AGAIN_S = 5.0
# Each key is answered before the next one: xdotool types faster than anybody, and keys would
# overtake a click.
ENV = {"LC_ALL": "C.UTF-8", "IBUS_ENABLE_SYNC_MODE": "1"}
FCITX_PROFILE = """[Groups/0]
Name=Default
Default Layout=us
DefaultIM=pinyin
[Groups/0/Items/0]
Name=keyboard-us
[Groups/0/Items/1]
Name=pinyin
[GroupOrder]
0=Default
"""
SERVES = """
import ctypes, sys
x = ctypes.CDLL("libX11.so.6")
x.XOpenDisplay.restype = ctypes.c_void_p
display = ctypes.c_void_p(x.XOpenDisplay(None))
server = x.XInternAtom(display, f"@server={sys.argv[1]}".encode(), True)
sys.exit(not (server and x.XGetSelectionOwner(display, server)))
"""


class Method(NamedTuple):
    """An input method's server: how it is started, how an engine is chosen and which one is, and
    what it needs installed.
    """

    name: str
    start: tuple[str, ...]
    choose: tuple[str, ...]
    chosen: tuple[str, ...]
    latin: str
    chinese: str
    engine: str

    def missing(self) -> bool:
        return shutil.which(self.start[0]) is None or not Path(self.engine).exists()


IBUS = Method(
    "ibus", ("ibus-daemon", "-x", "-r", "--panel", "disable"), ("ibus", "engine"),
    ("ibus", "engine"), "xkb:us::eng", "libpinyin", "/usr/share/ibus/component/libpinyin.xml",
)  # fmt: skip
FCITX = Method(
    "fcitx", ("fcitx5", "-r", "--disable", "wayland,kimpanel,notifications"),
    ("fcitx5-remote", "-s"), ("fcitx5-remote", "-n"), "keyboard-us", "pinyin",
    "/usr/share/fcitx5/inputmethod/pinyin.conf",
)  # fmt: skip


@pytest.mark.parametrize(
    "method",
    [
        pytest.param(
            method,
            id=method.name,
            marks=pytest.mark.skipif(method.missing(), reason=f"{method.name} is missing"),
        )
        for method in (IBUS, FCITX)
    ],
)
def test_chinese_is_composed_in_a_note(tmp_path: Path, method: Method) -> None:
    (tmp_path / "fcitx5").mkdir()
    (tmp_path / "fcitx5/profile").write_text(FCITX_PROFILE)
    home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    with (
        PrivateServer(tmp_path / "server", "rotating") as server,
        PrivateSecretService() as keychain,
        PrivateDesktop(
            {**keychain.env, **ENV, "XMODIFIERS": f"@im={method.name}", **home}
        ) as desktop,
    ):
        desktop.start(method.start, stderr=subprocess.DEVNULL)
        until(
            lambda: not said(desktop, *method.choose, method.latin),
            f"{method.name} does not come up",
        )
        # It answers its own program before it serves the display, where a window looks for it once.
        serves = [sys.executable, "-c", SERVES, method.name]
        until(
            lambda: subprocess.run(serves, env=desktop.env, check=False).returncode == 0,
            f"{method.name} does not serve the display",
        )
        app = RunningApp(desktop, server.url, tmp_path)
        app.start()
        app.wait_until("The form", lambda widgets: widgets.get("focus") == "sign_in.email")
        # What has the keyboard from the start was given it before there were input methods.
        compose(app, desktop, method, "sign_in.email")
        leave(app, desktop)
        sign_in(app, server)
        app.click("notes.editor")
        compose(app, desktop, method, "notes.list")
        leave(app, desktop)


def compose(app: RunningApp, desktop: PrivateDesktop, method: Method, shows: str) -> None:
    """Two signs, which ``shows`` has then; and leave the engine as it was: to choose another one
    throws away what is not composed yet.
    """

    def composed() -> bool:
        # On a busy computer an engine may miss the first keys, while it reads its dictionary: who
        # sees that takes them back, and types them anew.
        for key in (*["BackSpace"] * len("nihao "), *"nihao", "space"):
            app.press(key)  # one after the other: each is answered through the X server
        with contextlib.suppress(NotSeen):
            app.wait_until(f"你好 in {shows}", lambda seen: "你好" in seen.get(shows, ""), AGAIN_S)
            return True
        return False

    choose(desktop, method, method.chinese)
    until(composed, f"{shows} does not show what was composed")
    choose(desktop, method, method.latin)


def leave(app: RunningApp, desktop: PrivateDesktop) -> None:
    """Close the window by its key, again if need be: with another engine the keyboard's layout
    changes, and the window manager misses a key until it has heard of that.
    """
    process = app.process
    assert process is not None

    def ended() -> bool:
        desktop.key("alt+F4")
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(AGAIN_S)
            return True
        return False

    until(ended, "the app does not end")
    assert app.exit_code() == 0


def choose(desktop: PrivateDesktop, method: Method, engine: str) -> None:
    """Have ``method`` use ``engine`` where the keyboard is."""

    def chosen() -> bool:
        said(desktop, *method.choose, engine)
        return said(desktop, *method.chosen) == engine

    until(chosen, f"{method.name} does not take {engine}")


def said(desktop: PrivateDesktop, *words: str) -> str:
    done = subprocess.run(
        words,
        env=desktop.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout.strip()


def until(holds: Callable[[], bool], sentence: str) -> None:
    give_up = time.monotonic() + LIMIT_S
    while not holds():
        assert time.monotonic() < give_up, sentence
        time.sleep(0.1)
