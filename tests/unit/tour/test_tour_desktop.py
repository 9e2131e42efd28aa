"""The private screen as a program on it and a person in front of it would find it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from refapp.tour.desktop import DesktopError, PrivateDesktop

PROGRAM = """
import tkinter as tk
root = tk.Tk()
root.title("A window (of ours)")
root.geometry("400x120")
entry = tk.Entry(root)
entry.pack(fill="x")
entry.focus_set()
button = tk.Button(root, text="Clear", command=lambda: entry.delete(0, "end"))
button.pack()
def said(_):
    print("entry:", entry.get())
    print(button.winfo_rootx() + 5, button.winfo_rooty() + 5,
          root.winfo_rootx(), root.winfo_rooty(), flush=True)
entry.bind("<Return>", said)
root.mainloop()
"""


def line_of(process: subprocess.Popen[bytes]) -> str:
    stdout: IO[bytes] | None = process.stdout
    assert stdout is not None
    return stdout.readline().decode().strip()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_keys_clicks_and_pictures_reach_the_window(tmp_path: Path) -> None:
    with PrivateDesktop({"PYTHONIOENCODING": "utf-8"}) as desktop:
        program = desktop.start([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE)
        window = desktop.wait_for_window("(of ours)")
        desktop.type("Grüße, 3 € & 'quotes'")
        desktop.key("Return")
        assert line_of(program) == "entry: Grüße, 3 € & 'quotes'"
        # Told once keys arrive: before, the window manager may still be about to place the window.
        x, y, left, top = map(int, line_of(program).split())
        desktop.click(x, y)
        desktop.type("a-b")
        desktop.key("Tab", "shift+Tab", "Return")
        assert line_of(program) == "entry: a-b"
        area = desktop.area(window)
        assert area == (left, top, 400, 120)
        desktop.picture(tmp_path / "whole.png")
        desktop.picture(tmp_path / "window.png", area)
    whole, part = ((tmp_path / name).read_bytes() for name in ("whole.png", "window.png"))
    assert int.from_bytes(whole[16:20]) == 1280
    assert int.from_bytes(part[16:20]) == 400


@pytest.mark.skipif(shutil.which("xmodmap") is None, reason="x11-xserver-utils is missing")
def test_signs_of_other_scripts_reach_a_window_that_looks_at_them_later() -> None:
    greek = "αβγδεζηθικλμνξοπρστυ"  # more than there are spare keys
    with PrivateDesktop({"PYTHONIOENCODING": "utf-8"}) as desktop:
        program = desktop.start([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE)
        desktop.wait_for_window("(of ours)")
        for sign in greek:
            desktop.type(sign)
        desktop.key("Return")
        assert line_of(program) == f"entry: {greek}"
        line_of(program)
        os.kill(program.pid, signal.SIGSTOP)
        desktop.type(f"{greek[-1]} 好 {greek[-1]}")
        desktop.key("dead_acute", "e")
        os.kill(program.pid, signal.SIGCONT)
        desktop.key("Return")
        assert line_of(program) == f"entry: {greek}{greek[-1]} 好 {greek[-1]}é"


def test_nothing_is_left_when_it_closes() -> None:
    with PrivateDesktop() as desktop:
        program = desktop.start([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE)
        desktop.wait_for_window("(of ours)")
        cookie = Path(desktop.env["XAUTHORITY"])
        assert cookie.stat().st_mode & 0o777 == 0o600
        assert cookie.parent.stat().st_mode & 0o777 == 0o700
    assert not alive(program.pid)
    assert not cookie.parent.exists()


def test_a_program_without_the_cookie_is_not_let_in() -> None:
    with PrivateDesktop() as desktop:
        env = {**desktop.env, "XAUTHORITY": "/dev/null"}
        done = subprocess.run(
            [sys.executable, "-c", "import tkinter; tkinter.Tk()"],
            env=env,
            capture_output=True,
            check=False,
        )
    assert done.returncode != 0
    assert b"couldn't connect to display" in done.stderr


def test_the_persons_session_is_not_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, "of the person")
    monkeypatch.setenv("DISPLAY", ":77")
    with PrivateDesktop({"XDG_RUNTIME_DIR": "of this run"}) as desktop:
        env = desktop.env
    assert env["DISPLAY"] != ":77"
    assert env["XDG_RUNTIME_DIR"] == "of this run"
    assert "of the person" not in env.values()


def test_a_window_that_does_not_come_is_named() -> None:
    with PrivateDesktop() as desktop, pytest.raises(DesktopError, match="'Nowhere'"):
        desktop.wait_for_window("Nowhere", limit_s=0.0)


def test_the_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with (
        pytest.raises(DesktopError, match="sudo apt-get install xvfb xdotool openbox"),
        PrivateDesktop(),
    ):
        pass
