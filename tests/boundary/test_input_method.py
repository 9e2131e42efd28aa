"""An input method in the locked window, behind the gate: what is composed with it arrives, is kept and is synced (XIM, ibus)."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import pytest

from refapp.tour.desktop import PrivateDesktop
from refapp.tour.private_server import PrivateServer
from refapp.tour.running_app import RunningApp
from refapp.tour.secret_service import PrivateSecretService

ENGINE = Path("/usr/share/ibus/component/libpinyin.xml")
LIMIT_S = 30.0
# Each key is answered before the next one: xdotool types faster than anybody, and keys would overtake a click.
ENV = {"XMODIFIERS": "@im=ibus", "LC_ALL": "C.UTF-8", "IBUS_ENABLE_SYNC_MODE": "1"}

pytestmark = pytest.mark.skipif(
    shutil.which("ibus-daemon") is None or not ENGINE.exists(), reason="ibus or ibus-libpinyin is missing"
)


def test_chinese_is_composed_in_a_note(tmp_path: Path) -> None:
    with (
        PrivateServer(tmp_path / "server", "rotating") as server,
        PrivateSecretService() as keychain,
        PrivateDesktop(
            {**keychain.env, "XMODIFIERS": "@im=ibus", "LC_ALL": "C.UTF-8", "HOME": str(tmp_path)}
        ) as desktop,
    ):
        desktop.start(["ibus-daemon", "-x", "-r", "--panel", "disable"], stderr=subprocess.DEVNULL)
        choose(desktop, "xkb:us::eng")
        app = RunningApp(desktop, server.url, tmp_path)
        app.start()
        app.fill("sign_in.email", server.email)
        app.wait_until("The whole address", lambda widgets: widgets.get("sign_in.email") == server.email)
        app.press("Tab")
        app.type(server.password)
        app.press("Return")
        app.wait_until("Being signed in", lambda widgets: widgets.get("sync.state") == "Sync: ready")
        app.click("notes.editor")
        choose(desktop, "libpinyin")
        for key in (*"nihao", "space"):  # one after the other: ibus answers each through the X server
            app.press(key)
        app.wait_until("The note in the list", lambda widgets: "你好" in widgets.get("notes.list", ""))
        choose(desktop, "xkb:us::eng")
        assert app.quit() == 0


def choose(desktop: PrivateDesktop, engine: str) -> None:
    """Have ibus use ``engine`` for every window, once it is there."""
    give_up = time.monotonic() + LIMIT_S

    def ibus(*words: str) -> str:
        return subprocess.run(
            ["ibus", *words], env=desktop.env, capture_output=True, text=True, check=False
        ).stdout.strip()

    while ibus("engine", engine) or ibus("engine") != engine:
        assert time.monotonic() < give_up, f"ibus does not take {engine}"
        time.sleep(0.1)
