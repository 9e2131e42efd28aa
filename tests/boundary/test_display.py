"""The display's gate on real X servers: what a window can do through it, who may connect, and what
happens when something ends.

What it must never do is ``refapp attack``'s table (group display), which runs here on each kind of
X server that can be had. What the gate decides request by request is
tests/unit/test_display_gate's.
"""

from __future__ import annotations

import _socket
import contextlib
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

import pytest

from refapp.attack import suite
from refapp.display_gate import process
from refapp.tour.desktop import write_cookie
from refapp.trusted.start import x11
from refapp.trusted.start.display import Display, NoDisplay, NoGate, dots_of
from steps.on_desktop.computer import has_ended, started_by

PROGRAMS = Path(__file__).with_name("programs") / "x11_programs.py"
LIMIT_S = 30

pytestmark = pytest.mark.skipif(
    any(shutil.which(name) is None for name in ("Xvfb", "xdotool")),
    reason="Xvfb or xdotool is missing",
)


@contextlib.contextmanager
def x_server(folder: Path, *options: str, program: str = "Xvfb") -> Iterator[dict[str, str]]:
    """DISPLAY and XAUTHORITY of a private X server."""
    cookies = folder / "cookies"
    cookies.unlink(missing_ok=True)
    write_cookie(cookies)
    readable, writable = os.pipe()
    command = [program, "-displayfd", str(writable), "-noreset", "-auth", str(cookies), *options]
    server = subprocess.Popen(
        command, pass_fds=[writable], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(writable)
    with os.fdopen(readable) as pipe:
        number = pipe.readline().strip()
    try:
        yield {"PATH": "/usr/bin:/bin", "DISPLAY": f":{number}", "XAUTHORITY": str(cookies)}
    finally:
        server.terminate()
        server.wait(LIMIT_S)


SCREEN = ("-screen", "0", "800x600x24", "-nolisten", "tcp", "-extension", "GLX")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[dict[str, str]]:
    with x_server(tmp_path, *SCREEN) as env:
        yield env


class Program:
    """One of ``x11_programs``, talked to by lines."""

    def __init__(self, env: Mapping[str, str], name: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(PROGRAMS), name],
            env=dict(env), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        self.window = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def does(self, word: str) -> str:
        assert self.process.stdin
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        return self.says()

    def says(self) -> str:
        assert self.process.stdout
        assert self.process.stderr
        return self.process.stdout.readline().strip() or self.process.stderr.read()

    def up(self) -> Self:
        self.window = self.says().split()[1]
        return self


class Desk:
    """A display with another program on it, and a window that reaches it through the gate."""

    def __init__(
        self, env: dict[str, str], display: Display, other: Program, window: Program
    ) -> None:
        self.env, self.display, self.other, self.window = env, display, other, window

    def key(self, into: Program, key: str) -> None:
        for words in (["windowfocus", "--sync", into.window], ["key", key]):
            subprocess.run(["xdotool", *words], env=self.env, check=True, timeout=LIMIT_S)


@contextlib.contextmanager
def gated(env: Mapping[str, str], folder: Path, name: str) -> Iterator[tuple[Display, Program]]:
    display = Display(dict(env), str(folder))
    try:
        display.admit()
        with Program(display.env, name) as window:
            display.admitted(window.process.pid)
            yield display, window
    finally:
        display.close()


@pytest.fixture
def desk(server: dict[str, str], tmp_path: Path) -> Iterator[Desk]:
    with (
        Program(server, "other") as other,
        gated(server, tmp_path, "window") as (display, window),
    ):
        yield Desk(server, display, other.up(), window.up())


# What a window that is taken over tries, on each kind of X server.


def attacked(env: Mapping[str, str]) -> list[str]:
    """What got through or proved nothing, of the attempts on the display."""
    own = {name: env[name] for name in ("DISPLAY", "XAUTHORITY") if name in env}
    results = suite.results(own, lambda name: name.startswith("display."))
    return [
        f"{result.id}: {result.verdict}: {result.detail} {result.control}"
        for result in results
        if result.verdict != "stopped"
    ]


XORG = """
Section "ServerFlags"
    Option "AutoAddDevices" "false"
    Option "DontVTSwitch" "true"
EndSection
Section "Device"
    Identifier "none"
    Driver "dummy"
EndSection
Section "Screen"
    Identifier "screen"
    Device "none"
    DefaultDepth 24
    SubSection "Display"
        Depth 24
        Virtual 1024 768
    EndSubSection
EndSection
"""


@pytest.mark.skipif(
    not Path("/usr/lib/xorg/modules/drivers/dummy_drv.so").exists() or os.geteuid() != 0,
    reason="Xorg or its dummy driver is missing, or this is not root, whom alone Xorg lets "
    "choose its settings",
)
def test_nothing_gets_through_on_xorg(tmp_path: Path) -> None:
    """The server of most desktops, with a graphics card that is none."""
    (tmp_path / "xorg.conf").write_text(XORG)
    options = (
        "-config",
        str(tmp_path / "xorg.conf"),
        "-logfile",
        str(tmp_path / "log"),
        "-nolisten",
        "tcp",
    )
    with x_server(tmp_path, *options, program="Xorg") as env:
        assert attacked(env) == []


def listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as end:
        return end.connect_ex(str(path)) == 0


@pytest.mark.skipif(
    any(shutil.which(name) is None for name in ("weston", "Xwayland")),
    reason="weston or xwayland is missing",
)
def test_nothing_gets_through_on_xwayland(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It could isolate nothing: it has no window manager here and no SECURITY extension, and other
    numbers for those it has.
    """
    for name, value in (("XDG_RUNTIME_DIR", str(tmp_path)), ("WAYLAND_DISPLAY", "wayland")):
        monkeypatch.setenv(name, value)
    tmp_path.chmod(0o700)
    command = ["weston", "--backend=headless-backend.so", "--socket=wayland", "--idle-time=0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as weston:
        try:
            give_up = time.monotonic() + LIMIT_S
            while not listens(tmp_path / "wayland"):
                assert weston.poll() is None
                assert time.monotonic() < give_up
                time.sleep(0.05)
            with x_server(tmp_path, program="Xwayland") as env:
                assert attacked(env) == []
        finally:
            weston.terminate()


ATTEMPT = PROGRAMS.with_name("attempt_on_display.py")


def attempted(env: Mapping[str, str], name: str, other: Program, gate: Display | None) -> str:
    """What came of one attempt over a connection of its own, at the ``gate`` if there is one."""
    command = [sys.executable, str(ATTEMPT), name, other.window]
    with subprocess.Popen(command, env=dict(env), stdout=subprocess.PIPE, text=True) as window:
        assert window.stdout
        if gate:
            gate.admitted(window.pid)
        ends = [window.stdout, *([gate.reports] if gate else [])]
        ready = select.select(ends, [], [], LIMIT_S)[0]
        said = window.stdout.readline().strip() if window.stdout in ready else ""
        window.kill()
    return said or (" ".join(gate.report()) if gate else "")


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("keyboard", "nothing"), ("pointer-place", "nothing"), ("who-copied", "nothing"),
        ("focus", "nothing"), ("key", "forbidden GrabKey"), ("pointer", "forbidden GrabPointer"),
        ("keys-down", "forbidden QueryKeymap"), ("picture-own", "forbidden GetImage"),
    ],
)  # fmt: skip
def test_nothing_gets_through_by_qt_s_table(
    server: dict[str, str], tmp_path: Path, name: str, outcome: str
) -> None:
    """Attempts that the table has rows for, and some of those that it has none for. All of them,
    without an X server: tests/unit/display_gate.
    """
    gate = Display(server, str(tmp_path), toolkit="qt")
    try:
        with Program(server, "other") as other:
            other.up()
            assert other.does("copy something") == "copied"
            assert attempted(server, name, other, None) == "gained", "without a gate it works"
            focus = ["xdotool", "windowfocus", "--sync", other.window]
            subprocess.run(focus, env=server, check=True, timeout=LIMIT_S)
            gate.admit()
            assert attempted(gate.env, name, other, gate) == outcome
    finally:
        gate.close()


def test_a_window_can_not_hold_the_display_up(desk: Desk) -> None:
    """Tk itself asks for the server all for itself, so it is not ended for it;
    nothing comes of it.
    """
    with gated(desk.env, Path(desk.display.env["XAUTHORITY"]).parents[1], "raw") as (_, raw):
        assert raw.says() == "in"
        raw.does(struct.pack("<BBH", 36, 0, 1).hex())
        assert desk.other.does("copy still here") == "copied"
    with x11.connected(desk.env["DISPLAY"], desk.env["XAUTHORITY"]) as control:
        control._connection.settimeout(LIMIT_S)
        # The display is asked for the focus too: what comes before the answer has come about.
        control._ask(struct.pack("<BBHBBH", 36, 0, 1, 43, 0, 1))
        assert desk.other.process.stdin
        desk.other.process.stdin.write("copy held up\n")
        desk.other.process.stdin.flush()
        held = threading.Thread(target=desk.other.says)
        held.start()
        held.join(1.0)
        assert held.is_alive(), "the control holds it up"
    held.join(LIMIT_S)


# Copy and paste.


def test_what_is_copied_in_the_window_can_be_pasted_elsewhere(desk: Desk) -> None:
    desk.key(desk.window, "c")
    assert desk.window.says() == "copied"
    assert desk.other.does("paste") == "pasted copied here"


def test_a_long_text_goes_both_ways(desk: Desk) -> None:
    desk.key(desk.window, "l")
    assert desk.window.says() == "copied"
    assert desk.other.does("measure") == "pasted 300000"
    assert desk.other.does("long") == "copied"
    desk.key(desk.window, "m")
    assert desk.window.says() == "pasted 300000"


def test_what_is_copied_elsewhere_is_pasted_when_the_person_says_so(desk: Desk) -> None:
    assert desk.other.does("copy private") == "copied"
    assert desk.window.does("paste") == "pasted nothing", "nobody did anything in it"
    desk.key(desk.window, "v")
    assert desk.window.says() == "pasted private"
    assert desk.other.does("select chosen") == "selected"
    desk.key(desk.window, "p")
    assert desk.window.says() == "pasted chosen"


def test_copying_unasked_takes_nothing_from_others(desk: Desk) -> None:
    assert desk.other.does("copy private") == "copied"
    assert desk.window.does("copy mine") == "copied", "so it thinks"
    with Program(desk.env, "other") as third:
        third.up()
        assert third.does("paste") == "pasted private"


# Who may connect.


def connect(display: Display, cookie: bytes | None = None) -> bytes:
    """What the gate says to a greeting of this process: nothing, if it is turned away."""
    given = cookie if cookie is not None else Path(display.env["XAUTHORITY"]).read_bytes()[-16:]
    with socket.socket(socket.AF_UNIX) as end:
        end.settimeout(LIMIT_S)
        end.connect(f"{process.FOLDER}/X{display.env['DISPLAY'][1:]}")
        try:
            end.sendall(
                struct.pack("<BxHHHHxx", 108, 11, 0, 18, 16) + b"MIT-MAGIC-COOKIE-1\0\0" + given
            )
            return end.recv(100)
        except (BrokenPipeError, ConnectionResetError):  # closed before it came, or was read
            return b""


def test_another_process_is_turned_away_and_named(server: dict[str, str], tmp_path: Path) -> None:
    display = Display(server, str(tmp_path))
    try:
        display.admit()
        display.admitted(1)
        assert connect(display) == b""
        assert display.report() == ("stranger", f"process {os.getpid()}")
    finally:
        display.close()


def test_a_wrong_cookie_is_turned_away(server: dict[str, str], tmp_path: Path) -> None:
    display = Display(server, str(tmp_path))
    try:
        display.admit()
        display.admitted(os.getpid())
        assert connect(display, b"x" * 16) == b""
        assert display.report()[0] == "stranger"
        assert connect(display)[:1] == b"\1", "the right one is let in after all"
    finally:
        display.close()


def test_there_is_no_second_connection(desk: Desk) -> None:
    place = f"{process.FOLDER}/X{desk.display.env['DISPLAY'][1:]}"
    for name in (place, f"\0{place}"):
        # The number is free again: what listens there by now, if anything, is another X server.
        gone = contextlib.suppress(FileNotFoundError, ConnectionRefusedError)
        with socket.socket(socket.AF_UNIX) as end, gone:
            end.connect(name)
            (listens,) = struct.unpack(
                "i8x", end.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
            )
            assert listens not in started_by(os.getpid())


def test_only_this_user_may_try(server: dict[str, str], tmp_path: Path) -> None:
    display = Display(server, str(tmp_path))
    try:
        display.admit()
        assert Path(f"{process.FOLDER}/X{display.env['DISPLAY'][1:]}").stat().st_mode & 0o077 == 0
        cookie = Path(display.env["XAUTHORITY"])
        assert cookie.stat().st_mode & 0o077 == 0
        assert cookie.parent.stat().st_mode & 0o077 == 0
    finally:
        display.close()
    assert not cookie.parent.exists()


# The gate itself.


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def gate_of(display: Display) -> int:
    [gate] = children(display._keeper)
    return gate


def test_the_gate_is_locked_in(desk: Desk) -> None:
    status = Path(f"/proc/{gate_of(desk.display)}/status").read_text()
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert (fields["Seccomp"], fields["NoNewPrivs"], int(fields["CapEff"], 16)) == ("2", "1", 0)
    held = Path(f"/proc/{gate_of(desk.display)}/fd")
    if os.geteuid() == 0:
        assert len(list(held.iterdir())) == 5, "two ends, and three pipes to say what becomes of it"
    else:
        with pytest.raises(PermissionError):  # closed to other programs of the same user
            next(held.iterdir())


def test_when_the_gate_dies_the_window_dies(desk: Desk) -> None:
    os.kill(gate_of(desk.display), signal.SIGKILL)
    assert desk.window.process.wait(LIMIT_S) != 0
    assert desk.display.report() == ("gone", "-9 0 0")


def test_when_the_app_dies_so_does_the_gate(desk: Desk) -> None:
    gate = gate_of(desk.display)
    os.kill(desk.display._keeper, signal.SIGKILL)
    assert desk.window.process.wait(LIMIT_S) != 0
    give_up = time.monotonic() + LIMIT_S
    while not has_ended(gate):
        assert time.monotonic() < give_up
        time.sleep(0.01)


def test_when_the_window_ends_the_gate_ends_and_tells_what_it_carried(desk: Desk) -> None:
    desk.window.process.kill()
    word, said = desk.display.report()
    status, requests, round_trips = map(int, said.split())
    assert (word, status) == ("gone", 0)
    assert requests > round_trips > 10


def test_after_a_window_comes_another(server: dict[str, str], tmp_path: Path) -> None:
    display = Display(server, str(tmp_path))
    try:
        seen = set()
        for _ in range(2):
            display.admit()
            seen.add(Path(display.env["XAUTHORITY"]).read_bytes())
            with Program(display.env, "window") as window:
                display.admitted(window.process.pid)
                window.up()
        assert len(seen) == 2, "each window has a cookie of its own"
    finally:
        display.close()


def test_a_window_that_never_comes_leaves_the_way_free(
    server: dict[str, str], tmp_path: Path
) -> None:
    display = Display(server, str(tmp_path))
    try:
        display.admit()
        display.admitted(1)
        display.admit()
        with Program(display.env, "window") as window:
            display.admitted(window.process.pid)
            assert window.up().window
    finally:
        display.close()


def test_a_request_that_is_forbidden_is_told_and_the_window_waits_for_its_end(
    server: dict[str, str], tmp_path: Path
) -> None:
    with gated(server, tmp_path, "raw") as (display, raw):
        assert raw.says() == "in"
        raw.does(struct.pack("<BBH", 44, 0, 1).hex())
        assert display.report() == ("forbidden", "QueryKeymap")
        assert raw.process.poll() is None
        raw.process.kill()
        assert display.report()[0] == "gone"


def test_a_window_that_floods_and_does_not_listen_holds_up_nobody(
    server: dict[str, str], tmp_path: Path
) -> None:
    with Program(server, "other") as other, gated(server, tmp_path, "raw") as (_, raw):
        other.up()
        assert raw.says() == "in"
        assert raw.process.stdin
        raw.process.stdin.write(struct.pack("<BBH", 43, 0, 1).hex() * 50_000 + "\n")
        raw.process.stdin.flush()
        assert other.does("copy still here") == "copied"


def test_nothing_is_left_where_displays_listen(
    server: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither at an end right after the beginning, nor for good by a gate that was killed.
    The folder is the test's own: in the displays' a number that gets free may be another's at once.
    """
    folder = tmp_path / "x"
    folder.mkdir()
    monkeypatch.setattr(process, "FOLDER", str(folder))
    display = Display(server, str(tmp_path))
    display.admit()
    place = Path(f"{process.FOLDER}/X{display.env['DISPLAY'][1:]}")
    assert place.exists()
    display.close()
    assert not place.exists()
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(place))
    assert place.exists(), "nobody listens there any more"
    number, door, claim = process.listen()
    door.close()
    claim.close()
    assert number == int(place.name[1:])


# Displays that can't be had.


def test_a_display_that_ends_before_the_gate_reaches_it_is_said(
    server: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The parent was there before: what the gate then finds is no disorder of its own."""
    parent, reached = os.getpid(), x11.reached

    def reached_by_the_parent(name: str, cookies: str) -> tuple[_socket.socket, bytes]:
        return reached(name if os.getpid() == parent else ":4711", cookies)

    monkeypatch.setattr(x11, "reached", reached_by_the_parent)
    display = Display(server, str(tmp_path))
    try:
        display.admit()
        why = "The display's gate can't reach the display: The X server does not answer."
        # The window has been started meanwhile, and its number is no cookie for another gate.
        display.admitted(12345)
        assert display.report() == ("refused", why)
        assert display.report() == ("gone", "0 0 0")
        display.admit()
        assert display.report() == ("refused", why)
        assert display.report() == ("gone", "0 0 0")
    finally:
        display.close()


@pytest.mark.parametrize(
    ("env", "why"),
    [
        (
            {"DISPLAY": ":4711"},
            "There is no display to open a window on. The X server does not answer.",
        ),
        (
            {"DISPLAY": "127.0.0.1:4711"},
            "There is no display to open a window on. The X server does not answer.",
        ),
        (
            {"DISPLAY": "; touch x"},
            "There is no display to open a window on. DISPLAY names no display: '; touch x'.",
        ),
    ],
)
def test_where_there_is_no_display_it_is_said_in_one_sentence(
    tmp_path: Path, env: dict[str, str], why: str
) -> None:
    display = Display(env, str(tmp_path))
    try:
        with pytest.raises(NoDisplay) as raised:
            display.admit()
        assert str(raised.value) == why
    finally:
        display.close()
    assert list(tmp_path.iterdir()) == []


def test_without_a_display_a_window_that_needs_none_can_come(tmp_path: Path) -> None:
    display = Display({}, str(tmp_path))
    display.admit()
    display.admitted(os.getpid())
    assert (display.env, display.sentence) == ({}, "There is no display to keep from the window.")
    display.close()
    assert list(tmp_path.iterdir()) == []


def test_a_cookie_that_is_refused_is_said(server: dict[str, str], tmp_path: Path) -> None:
    display = Display({**server, "XAUTHORITY": ""}, str(tmp_path))
    try:
        with pytest.raises(NoDisplay, match="The X server refused the cookie"):
            display.admit()
    finally:
        display.close()


def test_where_the_gate_can_not_listen_it_is_said_and_no_window_comes(
    server: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder, why in (
        (tmp_path / "none", "No such file or directory"),
        (Path("/proc"), "can't listen"),
    ):
        monkeypatch.setattr(process, "FOLDER", str(folder))
        display = Display(server, str(tmp_path))
        try:
            with pytest.raises(NoGate, match=why):
                display.admit()
        finally:
            display.close()
    monkeypatch.setattr(process, "NUMBERS", range(0))
    display = Display(server, str(tmp_path))
    try:
        with pytest.raises(NoGate, match="every number is taken"):
            display.admit()
    finally:
        display.close()


def test_a_display_without_the_gate_is_said_as_long_as_it_runs(
    server: dict[str, str], tmp_path: Path
) -> None:
    display = Display(server, str(tmp_path), ungated=True)
    display.admit()
    assert display.env == server
    assert not display.isolated
    assert display.sentence.startswith("Display isolation: none, as --allow-ungated-display asks.")


# Resolution.


def test_the_desktop_s_resolution_is_asked_for(server: dict[str, str], tmp_path: Path) -> None:
    display = Display(server, str(tmp_path), ungated=True)
    display.admit()
    assert display.dots == 0
    with x11.connected(server["DISPLAY"], server["XAUTHORITY"]) as connection:
        text = b"Xcursor.size:\t24\nXft.dpi:\t192\n"
        padded = text + bytes(-len(text) % 4)
        change = struct.pack(
            "<BBHIIIBxxxI", 18, 0, 6 + len(padded) // 4, connection._root, 23, 31, 8, len(text)
        )
        connection._connection.sendall(change + padded)
        assert connection.resources() == text.decode()
    display.admit()
    assert display.dots == 192


@pytest.mark.parametrize(
    ("resources", "dots"),
    [
        ("Xft.dpi:\t192", 192), ("Xft.antialias: 1\nXft.dpi: 144.5\n", 144), ("Xft.dpi: 0", 0),
        ("Xft.dpi: 9999999", 0), ("Xft.dpi: many", 0), ("Xft.dpi:", 0), ("", 0),
        ("*Xft.dpi: 96", 0),
    ],
)  # fmt: skip
def test_only_a_resolution_that_a_screen_can_have_is_believed(resources: str, dots: int) -> None:
    assert dots_of(resources) == dots
