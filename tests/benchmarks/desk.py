"""A private desktop with the app on it, somebody signed in, and a stopwatch that sees the screen.

The screen is Xvfb's frame buffer, mapped:
a pixel that changes is a window that is painted, whoever painted it.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from refapp.tour.desktop import PrivateDesktop
from refapp.tour.private_server import PrivateServer
from refapp.tour.running_app import RunningApp
from refapp.tour.secret_service import PrivateSecretService
from refapp.tour.walk import sign_in

# Inside the app's window and a plain one of the same place and size,
# where there is nothing but background.
POINT = (640, 600)
PLAIN = "import tkinter; r = tkinter.Tk(); r.geometry('900x640+190+53'); r.mainloop()"
LIMIT_S = 60.0


class Desk:
    """``app()`` and ``plain()`` are the commands that are compared;
    ``trace`` is what the app wrote.
    """

    def __init__(self, desktop: PrivateDesktop, server: str, home: Path, trace: Path) -> None:
        self.desktop, self.home, self.trace = desktop, home, trace
        self._app = [sys.executable, "-m", "refapp", "run", "--server", server, "--home", str(home)]
        file = Path(desktop.env["XAUTHORITY"]).with_name("Xvfb_screen0").open("rb")
        self._pixels = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        header = [int.from_bytes(self._pixels[n * 4 : n * 4 + 4], "big") for n in range(25)]
        self._stride = header[12]
        self._at = header[0] + header[19] * 12 + POINT[1] * header[12] + POINT[0] * 4
        self._empty = self.pixel()

    def pixel(self) -> bytes:
        return bytes(self._pixels[self._at : self._at + 3])

    def area(self, x: int, y: int, width: int, height: int) -> bytes:
        """The pixels of a part of the screen."""
        first = self._at + (y - POINT[1]) * self._stride + (x - POINT[0]) * 4
        rows = (first + row * self._stride for row in range(height))
        return b"".join(self._pixels[at : at + 4 * width] for at in rows)

    def app(self, *, traced: bool = False) -> list[str]:
        return [*self._app, *(["--trace", str(self.trace)] if traced else [])]

    def plain(self) -> list[str]:
        return [sys.executable, "-c", PLAIN]

    @contextlib.contextmanager
    def running(self, command: list[str], display: str = "") -> Iterator[subprocess.Popen[bytes]]:
        """The program, while the block runs; afterwards the screen is empty again.
        ``display``: another name of it.
        """
        env = {**self.desktop.env, **({"DISPLAY": display} if display else {})}
        with subprocess.Popen(
            command, env=env, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            try:
                yield process
            finally:
                process.terminate()
                process.wait(LIMIT_S)
        self.until(lambda: self.pixel() == self._empty)

    @contextlib.contextmanager
    def started(
        self, *options: str, under: Sequence[str] = ()
    ) -> Iterator[subprocess.Popen[bytes]]:
        """The app, while its window shows who is signed in; over when the block ends."""
        with subprocess.Popen(
            [*under, *self._app, *options],
            env=self.desktop.env, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
        ) as process:  # fmt: skip
            try:
                self.desktop.wait_for_window("refapp - Signed in")
                yield process
            finally:
                # A program that looks on does not hand on what tells it to end.
                os.kill(tree(process.pid)[1] if under else process.pid, signal.SIGTERM)
        self.until(lambda: not self.painted())

    def painted(self) -> bool:
        return self.pixel() != self._empty

    def until(self, reached: Callable[[], bool]) -> float:
        """Wait, and say when it was, as ``time.time`` does."""
        give_up = time.monotonic() + LIMIT_S
        while not reached():
            if time.monotonic() > give_up:
                raise TimeoutError
            time.sleep(0.0005)
        return time.time()


@contextlib.contextmanager
def desk() -> Iterator[Desk]:
    """With somebody signed in, and the app closed again."""
    with (
        tempfile.TemporaryDirectory(prefix="refapp-bench-") as name,
        PrivateServer(Path(name) / "server", "sliding") as server,
        PrivateSecretService() as keychain,
        PrivateDesktop(keychain.env) as desktop,
    ):
        app = RunningApp(desktop, server.url, Path(name))
        sign_in(app, server)
        if app.quit() != 0:
            raise RuntimeError(app.log.read_text())
        yield Desk(desktop, server.url, app.home, Path(name) / "timed.ndjson")


def processes(pid: int) -> dict[str, list[int]]:
    """Those of the app: "first", which waits for it,
    "parent", "window", and "gate", its keeper and itself.
    """
    found: dict[str, list[int]] = {
        "first": [pid],
        "parent": tree(pid)[1:2],
        "window": [],
        "gate": [],
    }
    for other in tree(pid)[2:]:
        window = b"untrusted/__main__.py" in Path(f"/proc/{other}/cmdline").read_bytes()
        found["window" if window else "gate"].append(other)
    return found


def tree(pid: int) -> list[int]:
    """The process and all below it."""
    found = [pid]
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in path.read_text().split():
            found += tree(int(child))
    return found
