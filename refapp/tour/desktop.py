"""A screen of its own for one run: an X server, a window manager, hands on keyboard and mouse.

Owns the processes that it starts (ended by their ids) and their folder, and leaves the person's own
display alone: programs see this one through ``env``. Needs Debian's xvfb, xdotool and openbox.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import secrets
import select
import shlex
import shutil
import struct
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Self

from refapp.tour import wording
from refapp.tour.framebuffer import Area, lines_of, png_of
from refapp.tour.spare_keys import SpareKeys
from refapp.trusted.errors import RefappError

WIDTH, HEIGHT, DPI = 1280, 800, 96
START_LIMIT_S = ACTION_LIMIT_S = 20.0
WINDOW_LIMIT_S = 30.0
LOOK_EVERY_S, STILL_LOOKS = 0.05, 10
# With less, keys that are lent arrive as other characters.
KEY_DELAY_MS, LENT_KEY_DELAY_MS = 8, 30
SESSION_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "SESSION_MANAGER")
Output = int | IO[bytes] | None
# No frames: xdotool misplaces a framed window. Nobody's settings: every run is the same. No binding
# of the mouse: openbox would hold a click back until it has looked at it, and keys overtake it.
WINDOW_MANAGER = """<openbox_config xmlns="http://openbox.org/3.4/rc">
<theme><keepBorder>no</keepBorder></theme><focus><focusNew>yes</focusNew></focus>
<keyboard><keybind key="A-F4"><action name="Close"/></keybind>
<keybind key="A-F10"><action name="ToggleMaximize"/></keybind>
<keybind key="A-F11"><action name="ToggleFullscreen"/></keybind></keyboard>
<mouse></mouse>
<applications><application class="*"><decor>no</decor></application></applications>
</openbox_config>
"""
PACKAGES = {"Xvfb": "xvfb", "xdotool": "xdotool", "openbox": "openbox"}


class DesktopError(RefappError):
    """The private screen can't be had, or does not do what it was told."""

    code = "desktop"


class PrivateDesktop:
    """A context manager: a screen of ``size`` pixels, ``dpi`` of them an inch, and its cookie.

    ``extra`` is added to ``env``, which is the environment for the programs on this screen: nothing
    of the person's session but what ``extra`` names. Raises DesktopError.
    """

    def __init__(
        self,
        extra: Mapping[str, str] | None = None,
        *,
        size: tuple[int, int] = (WIDTH, HEIGHT),
        dpi: int = DPI,
    ) -> None:
        self._size, self._dpi = size, dpi
        self._folder = Path(tempfile.mkdtemp(prefix="refapp-desktop-"))
        self._processes: list[subprocess.Popen[bytes]] = []
        outer = {
            name: value
            for name, value in os.environ.items()
            if name not in SESSION_VARIABLES and not name.startswith(("DBUS_", "XDG_"))
        }
        self.env = {**outer, **(extra or {}), "XAUTHORITY": str(self._folder / "cookies")}
        self._spare_keys = SpareKeys(self.env)

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as undo:
            undo.callback(self.close)
            self._start()
            undo.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End what was started here, newest first, and delete its folder."""
        while self._processes:
            _end(self._processes.pop())
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(
        self, command: Sequence[str], *, stdout: Output = None, stderr: Output = None
    ) -> subprocess.Popen[bytes]:
        """A program on this screen, in a session of its own, its input empty; ``close`` ends it."""
        process = subprocess.Popen(
            command,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
        self._processes.append(process)
        return process

    def end_server(self) -> None:
        """Take the display away, with all that is on it."""
        _end(self._processes.pop(0))

    def type(self, text: str) -> None:
        """Type ``text`` into the window that has the focus."""
        self._spare_keys.give(f"U{ord(sign):04X}" for sign in text if not sign.isascii())
        delay = KEY_DELAY_MS if text.isascii() else LENT_KEY_DELAY_MS
        self._xdotool("type", "--clearmodifiers", "--delay", str(delay), "--", text)

    def key(self, *names: str, locked: bool = False) -> None:
        """Press keys, one after the other, each by xdotool's name: Tab, Return, alt+s, ctrl+a.
        ``locked``: Caps Lock stays as it is.
        """
        self._spare_keys.give(name for name in names if name.startswith("dead_"))
        clear = () if locked else ("--clearmodifiers",)
        self._xdotool("key", *clear, "--delay", str(KEY_DELAY_MS), "--", *names)

    def click(self, x: int, y: int, button: str = "1", times: int = 1) -> None:
        """Click a button at a point of the screen; the wheel is the fourth and the fifth."""
        self.point(x, y)
        self._xdotool("click", "--repeat", str(times), button)

    def wait_for_window(self, title: str, limit_s: float = WINDOW_LIMIT_S) -> int:
        """The id of the visible window with ``title`` in its title, once it has the focus."""
        give_up = time.monotonic() + limit_s
        while not (found := self.window(title)):
            if time.monotonic() > give_up:
                raise DesktopError(wording.no_window(title, limit_s))
            time.sleep(LOOK_EVERY_S)
        self._xdotool("windowfocus", "--sync", str(found))
        return found

    def window(self, title: str) -> int | None:
        """The id of the visible window whose title contains ``title``, if there is one now."""
        search = ("search", "--onlyvisible", "--name", re.escape(title))
        said = self._xdotool(*search, may_fail=True).split()
        return int(said[-1]) if said else None

    def area(self, window: int) -> Area:
        """Where a window is on the screen."""
        lines = self._xdotool("getwindowgeometry", "--shell", str(window)).split()
        said = dict(line.split("=", 1) for line in lines)
        return Area(*(int(said[name]) for name in ("X", "Y", "WIDTH", "HEIGHT")))

    def kill_client(self, title: str) -> None:
        """End the connection of the window with ``title``, as a session manager does at its end."""
        self._xdotool("windowkill", str(self.window(title)))

    def put_mouse_away(self) -> None:
        """Move the mouse into the corner, where it makes no button look pressed."""
        self.point(self._size[0] - 1, self._size[1] - 1)

    def point(self, x: int, y: int) -> None:
        """Move the mouse to a point of the screen."""
        # Without --sync, which waits for a movement that does not come if the mouse is there.
        self._xdotool("mousemove", str(x), str(y))

    def picture(self, path: Path, area: Area | None = None) -> None:
        """A PNG of the screen or a part of it, once it stands still (or after half a second)."""
        before, now = b"", self._pixels()
        for _ in range(STILL_LOOKS):
            if before == now:
                break
            time.sleep(LOOK_EVERY_S)
            before, now = now, self._pixels()
        path.write_bytes(png_of(now, area))

    def lines(self) -> Callable[[Area], list[bytes]]:
        """What the screen shows now: the pixels of any part of it, row by row (``lines_of``)."""
        return functools.partial(lines_of, self._pixels())

    def _pixels(self) -> bytes:
        return (self._folder / "Xvfb_screen0").read_bytes()

    def _start(self) -> None:
        missing = [name for program, name in PACKAGES.items() if shutil.which(program) is None]
        if missing:
            raise DesktopError(wording.screen_needs(" and ".join(missing), " ".join(missing)))
        write_cookie(Path(self.env["XAUTHORITY"]))
        self.env["DISPLAY"] = self._start_server()
        self._start_window_manager()

    def _start_server(self) -> str:
        """Start Xvfb on a free display, which it names on ``-displayfd`` once it serves."""
        reader, writer = os.pipe()
        with contextlib.ExitStack() as stack:
            stack.callback(os.close, reader)
            log = stack.enter_context((self._folder / "log").open("ab"))
            width, height = self._size
            screen = f"-screen 0 {width}x{height}x24 -dpi {self._dpi} +extension SECURITY"
            # GLX, with which nobody draws here, would be more than half of its start.
            command = f"Xvfb -displayfd {writer} {screen} -extension GLX -nolisten tcp".split()
            command += ["-noreset", "-auth", self.env["XAUTHORITY"], "-fbdir", str(self._folder)]
            try:
                bound = _bound_to_us(command)
                server = subprocess.Popen(
                    bound, pass_fds=[writer], stdout=log, stderr=log, start_new_session=True
                )
            finally:
                os.close(writer)
            self._processes.append(server)
            number = _read_line(reader, START_LIMIT_S)
        if not number.isdigit():
            raise DesktopError(wording.no_x_server(self._said()))
        return f":{number}"

    def _start_window_manager(self) -> None:
        """Start openbox, and wait: a window that asks to be mapped before it serves never is."""
        up = self._folder / "up"
        os.mkfifo(up)
        # Open for both: else opening waits for the other end, and reading ends with the shell.
        reader = os.open(up, os.O_RDWR | os.O_CLOEXEC)
        settings = self._folder / "openbox.xml"
        settings.write_text(WINDOW_MANAGER, encoding="utf-8")
        env = {**self.env, "HOME": str(self._folder)}
        command = ["openbox", "--sm-disable", "--config-file", str(settings)]
        command += ["--startup", f"sh -c 'echo up >{shlex.quote(str(up))}'"]
        with contextlib.ExitStack() as stack:
            stack.callback(os.close, reader)
            log = stack.enter_context((self._folder / "log").open("ab"))
            bound = _bound_to_us(command)
            manager = subprocess.Popen(
                bound, env=env, stdout=log, stderr=log, start_new_session=True
            )
            self._processes.append(manager)
            if _read_line(reader, START_LIMIT_S) != "up":
                raise DesktopError(wording.no_window_manager(self._said()))

    def _said(self) -> str:
        said = (self._folder / "log").read_text(encoding="utf-8", errors="replace")
        return said.strip() or wording.IT_SAID_NOTHING

    def _xdotool(self, *arguments: str, may_fail: bool = False) -> str:
        # xdotool reads its arguments in the locale's encoding.
        env = {**self.env, "LC_ALL": "C.UTF-8"}
        try:
            line = ["xdotool", *arguments]
            done = subprocess.run(
                line, env=env, capture_output=True, text=True, timeout=ACTION_LIMIT_S, check=False
            )
        except subprocess.TimeoutExpired:
            raise DesktopError(wording.xdotool_not_done(arguments[0], ACTION_LIMIT_S)) from None
        if done.returncode and not may_fail:
            raise DesktopError(f"xdotool {arguments[0]} failed: {done.stderr.strip()}")
        return done.stdout


def write_cookie(path: Path) -> None:
    """An X authority file (0600) with one cookie for every display: its number is not known yet."""
    wild, name, cookie = 0xFFFF, b"MIT-MAGIC-COOKIE-1", secrets.token_bytes(16)
    fields = (struct.pack(">H", len(f)) + f for f in (b"", b"", name, cookie))
    entry = struct.pack(">H", wild) + b"".join(fields)
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(entry)


def _bound_to_us(command: list[str]) -> list[str]:
    """``command`` such that it ends with us, also when we are killed and can't end it."""
    return ["setpriv", "--pdeathsig", "TERM", *command] if shutil.which("setpriv") else command


def _read_line(fd: int, limit_s: float) -> str:
    text = b""
    give_up = time.monotonic() + limit_s
    while not text.endswith(b"\n"):
        left = give_up - time.monotonic()
        if left <= 0 or not select.select([fd], [], [], left)[0]:
            return ""
        more = os.read(fd, 64)
        if not more:
            return ""
        text += more
    return text.decode("ascii", "replace").strip()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()
