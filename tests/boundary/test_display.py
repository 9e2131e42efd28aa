"""What a window can do to other programs on its display: with the cookie it is given, and, as control, with the person's own.

Each display is a private Xvfb that checks cookies, with the SECURITY extension or without it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest

from refapp.tour.desktop import PrivateDesktop, write_cookie
from refapp.trusted.start import x11
from refapp.trusted.start.display import Display, dots_of

PROGRAMS = Path(__file__).with_name("programs") / "x11_programs.py"
LIMIT_S = 30
ARRIVES = {"xtest": "typed a", "event": "typed a", "send": "ran {who}"}

pytestmark = pytest.mark.skipif(
    any(shutil.which(name) is None for name in ("Xvfb", "xdotool")), reason="Xvfb or xdotool is missing"
)


@contextlib.contextmanager
def x_server(folder: Path, *options: str, auth: bool = True) -> Iterator[dict[str, str]]:
    """DISPLAY and XAUTHORITY of a private X server."""
    cookies = folder / "cookies"
    cookies.unlink(missing_ok=True)
    write_cookie(cookies)
    readable, writable = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(writable),
        "-screen",
        "0",
        "800x600x24",
        "-nolisten",
        "tcp",
        "-noreset",
        *options,
    ]
    command += ["-auth", str(cookies)] if auth else []
    server = subprocess.Popen(command, pass_fds=[writable], stderr=subprocess.DEVNULL)
    os.close(writable)
    with os.fdopen(readable) as pipe:
        number = pipe.readline().strip()
    try:
        yield {"PATH": "/usr/bin:/bin", "DISPLAY": f":{number}", "XAUTHORITY": str(cookies)}
    finally:
        server.terminate()
        server.wait(LIMIT_S)


class Program:
    """One of ``x11_programs``, talked to by lines."""

    def __init__(self, env: dict[str, str], *words: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(PROGRAMS), *words],
            env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def hears(self, word: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()

    def says(self) -> str:
        assert self._process.stdout
        assert self._process.stderr
        return self._process.stdout.readline().strip() or self._process.stderr.read()


class Desk:
    """A display with the person's program on it, and the two ways in which a window may reach it."""

    def __init__(self, own: dict[str, str], display: Display) -> None:
        self.own = own
        display.admit()
        self.display = display
        self.victim = Program(own, "victim")
        self.window = self.victim.says().split()[1]
        self.keycode = keycode_of_a(own)

    def attack(self, name: str, env: dict[str, str], who: str) -> str:
        with Program(env, name, self.window, str(self.keycode), who) as attacker:
            return attacker.says()

    def controlled(self, name: str) -> str:
        return self.attack(name, self.own, "control")

    def from_the_window(self, name: str) -> str:
        return self.attack(name, self.display.env, "window")


def keycode_of_a(env: dict[str, str]) -> int:
    script = (
        "import ctypes, ctypes.util;"
        "x = ctypes.CDLL(ctypes.util.find_library('X11')); x.XOpenDisplay.restype = ctypes.c_void_p;"
        "print(x.XKeysymToKeycode(ctypes.c_void_p(x.XOpenDisplay(None)), ctypes.c_ulong(97)))"
    )
    done = subprocess.run([sys.executable, "-c", script], env=env, check=True, capture_output=True, timeout=LIMIT_S)
    return int(done.stdout)


@contextlib.contextmanager
def desk(folder: Path, *options: str, auth: bool = True) -> Iterator[Desk]:
    with x_server(folder, *options, auth=auth) as own:
        display = Display(own, str(folder))
        made = Desk(own, display)
        with made.victim:
            yield made
        display.close()


@pytest.fixture
def isolating(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path, "+extension", "SECURITY") as made:
        yield made


@pytest.fixture
def open_desk(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path, "-extension", "SECURITY") as made:
        yield made


@contextlib.contextmanager
def held_key(env: dict[str, str]) -> Iterator[None]:
    subprocess.run(["xdotool", "keydown", "a"], env=env, check=True, timeout=LIMIT_S)
    try:
        yield
    finally:
        subprocess.run(["xdotool", "keyup", "a"], env=env, check=True, timeout=LIMIT_S)


def test_a_window_does_not_see_keys(isolating: Desk) -> None:
    with held_key(isolating.own):
        assert isolating.from_the_window("keys") == "refused"
        assert isolating.controlled("keys") == "worked"


def test_a_window_can_take_no_picture_of_others(isolating: Desk) -> None:
    assert isolating.from_the_window("picture") == "refused"
    assert isolating.controlled("picture") == "worked"


@pytest.mark.parametrize("name", ARRIVES)
def test_a_window_can_neither_type_nor_run_commands_elsewhere(isolating: Desk, name: str) -> None:
    # Tk does not tell its sender that the server refused a command: there only the victim knows.
    assert isolating.from_the_window(name) == "refused" or name == "send"
    assert isolating.controlled(name) == "sent"
    first = ARRIVES[name].format(who="control")
    assert isolating.victim.says() == first, "the first thing that arrived is the control's"


def test_a_window_can_read_what_is_copied(isolating: Desk) -> None:
    """What remains, and is said: pasting into the window has to work."""
    isolating.victim.hears("copy private")
    assert isolating.victim.says() == "copied"
    assert isolating.controlled("read-clipboard") == "worked"
    assert isolating.from_the_window("read-clipboard") == "worked"


def test_what_is_copied_in_the_window_can_not_be_pasted_elsewhere(isolating: Desk) -> None:
    """What is lost, and is said."""
    with Program(isolating.own, "offer-clipboard", "0", "0") as control:
        assert control.says() == "worked"
        isolating.victim.hears("paste")
        assert isolating.victim.says() == "pasted offered"
    with Program(isolating.display.env, "offer-clipboard", "0", "0") as window:
        assert window.says() == "worked"
        isolating.victim.hears("paste")
        assert isolating.victim.says() == "pasted nothing"


def test_it_is_said_where_a_window_is_isolated(isolating: Desk) -> None:
    assert isolating.display.isolated
    assert isolating.display.sentence.startswith("Display isolation: on.")
    assert "what is copied here can't be pasted elsewhere" in isolating.display.sentence


def test_without_the_extension_nothing_is_isolated_and_it_is_said(open_desk: Desk) -> None:
    assert not open_desk.display.isolated
    assert open_desk.display.sentence.startswith("Display isolation: none. The X server lacks the SECURITY extension.")
    assert open_desk.display.env == open_desk.own
    assert open_desk.from_the_window("picture") == "worked"
    for name, arrives in ARRIVES.items():
        assert open_desk.from_the_window(name) == "sent"
        assert open_desk.victim.says() == arrives.format(who="window")
    with held_key(open_desk.own):
        assert open_desk.from_the_window("keys") == "worked"


def test_a_display_that_is_shared_by_choice_is_said_to_be(tmp_path: Path) -> None:
    with x_server(tmp_path, "+extension", "SECURITY") as own:
        display = Display(own, str(tmp_path), shared=True)
        display.admit()
        assert display.env == own
        assert not display.isolated
        assert display.sentence.startswith("Display isolation: none. It is shared, as --share-display asks.")


def test_the_cookie_is_private_and_gone_in_the_end(tmp_path: Path) -> None:
    with x_server(tmp_path, "+extension", "SECURITY") as own:
        display = Display(own, str(tmp_path))
        display.admit()
        cookie = Path(display.env["XAUTHORITY"])
        assert stat.S_IMODE(cookie.stat().st_mode) == 0o600
        assert stat.S_IMODE(cookie.parent.stat().st_mode) == 0o700
        first = cookie.read_bytes()
        display.admit()
        assert Path(display.env["XAUTHORITY"]).read_bytes() != first, "each window has a cookie of its own"
        display.close()
        assert not cookie.parent.exists()


def test_a_server_that_takes_any_cookie_for_a_trusted_one_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with x_server(tmp_path, "+extension", "SECURITY", auth=False) as own:
        monkeypatch.setattr(x11.Server, "untrusted_cookie", lambda *_: (b"", b""))
        display = Display(own, str(tmp_path))
        display.admit()
        assert not display.isolated
        assert "takes every client for a trusted one" in display.sentence


@pytest.mark.parametrize(
    ("env", "why"),
    [
        ({"DISPLAY": ":4711"}, "The X server"),
        ({"DISPLAY": "elsewhere:10.0"}, "The display is not one of this computer."),
        ({"DISPLAY": "; touch x"}, "The display is not one of this computer."),
        ({"DISPLAY": ""}, "The display is not one of this computer."),
    ],
)
def test_a_display_that_can_not_isolate_is_used_as_it_is(tmp_path: Path, env: dict[str, str], why: str) -> None:
    display = Display(env, str(tmp_path))
    display.admit()
    assert display.env == env
    assert display.sentence.startswith(f"Display isolation: none. {why}")


def test_where_there_is_no_display_nothing_is_made_or_lost(tmp_path: Path) -> None:
    display = Display({}, str(tmp_path))
    display.admit()
    assert (display.env, display.sentence) == ({}, "There is no display to keep from the window.")
    assert list(tmp_path.iterdir()) == []


def test_the_private_screen_of_the_tour_and_the_desktop_runs_isolates(tmp_path: Path) -> None:
    """So all that these do with the real window, they do with the cookie that a window gets."""
    with PrivateDesktop({}) as screen:
        display = Display(screen.env, str(tmp_path))
        display.admit()
        assert display.isolated, display.sentence
        display.close()


def test_the_desktop_s_resolution_is_asked_for_with_the_person_s_own_cookie(tmp_path: Path) -> None:
    with x_server(tmp_path, "+extension", "SECURITY") as env:
        display = Display(env, str(tmp_path))
        display.admit()
        assert (display.isolated, display.dots) == (True, 0)
        number = int(env["DISPLAY"][1:])
        with x11.connected(number, x11.cookie_for(number, env["XAUTHORITY"])) as server:
            text = b"Xcursor.size:\t24\nXft.dpi:\t192\n"
            padded = text + bytes(-len(text) % 4)
            change = struct.pack("<BBHIIIBxxxI", 18, 0, 6 + len(padded) // 4, server._root, 23, 31, 8, len(text))
            server._connection.sendall(change + padded)
            assert server.resources() == text.decode()
        display.admit()
        assert (display.isolated, display.dots) == (True, 192)
        display.close()


@pytest.mark.parametrize(
    ("resources", "dots"),
    [
        ("Xft.dpi:\t192", 192), ("Xft.antialias: 1\nXft.dpi: 144.5\n", 144), ("Xft.dpi: 0", 0), ("Xft.dpi: 9999999", 0),
        ("Xft.dpi: many", 0), ("Xft.dpi:", 0), ("", 0), ("*Xft.dpi: 96", 0),
    ],
)  # fmt: skip
def test_only_a_resolution_that_a_screen_can_have_is_believed(resources: str, dots: int) -> None:
    assert dots_of(resources) == dots
