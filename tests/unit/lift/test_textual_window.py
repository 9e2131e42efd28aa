"""The Textual window on a pseudo-terminal, as a person uses it: keys in, a screen out;
its process is confined.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import selectors
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from refapp.tour.secret_service import PrivateSecretService, missing_programs

LIMIT_S = 60
ESCAPES = re.compile(r"\x1b\[[0-9;?<]*[ -/]*[@-~]|\x1b[@-Z\\-_]")
pytest.importorskip("textual", reason="refapp[textual] is not installed")
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux only"),
    pytest.mark.skipif(
        bool(missing_programs()), reason="a private Secret Service needs dbus and gnome-keyring"
    ),
]


class Terminal:
    """One run of the example."""

    def __init__(self, home: Path, env: dict[str, str]) -> None:
        self._end, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        command = [sys.executable, "-m", "refapp.examples.textual_app", "--home", str(home)]
        self.front = subprocess.Popen(
            command,
            env=env,
            stdin=theirs,
            stdout=theirs,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(theirs)
        self._raw = b""
        self._looked_at = 0

    def press(self, keys: str) -> None:
        os.write(self._end, keys.encode())

    def see(self, pattern: str) -> None:
        give_up = time.monotonic() + LIMIT_S
        with selectors.DefaultSelector() as selector:
            selector.register(self._end, selectors.EVENT_READ)
            while (found := re.search(pattern, self.seen)) is None:
                assert time.monotonic() < give_up, (
                    f"{pattern} was not shown: {self.seen[-3000:].strip()}"
                )
                if selector.select(1):
                    self._raw += os.read(self._end, 65_536)
        self._looked_at += found.end()

    @property
    def seen(self) -> str:
        """What was drawn since the last look;
        of the whole, for a piece may end within a sequence.
        """
        return ESCAPES.sub("", self._raw.decode(errors="replace"))[self._looked_at :]

    def window(self) -> int:
        """The process that draws."""
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = entry.read_bytes().split(b"\0")
            except OSError:
                continue
            # One of another test may end while this looks.
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                if (
                    len(words) > 2
                    and words[2].endswith(b"textual_window.py")
                    and self._is_ours(int(entry.parent.name))
                ):
                    return int(entry.parent.name)
        raise AssertionError("no window process")

    def _is_ours(self, pid: int) -> bool:
        while pid > 1:
            if pid == self.front.pid:
                return True
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        return False

    def end(self) -> None:
        if self.front.poll() is None:
            self.front.terminate()
        self.front.wait(LIMIT_S)
        os.close(self._end)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    with PrivateSecretService() as keyring:
        terminal = Terminal(
            tmp_path / "home", dict(keyring.environment(os.environ)) | {"TERM": "xterm-256color"}
        )
        try:
            yield terminal
        finally:
            terminal.end()


def test_a_note_is_written_in_a_confined_window(terminal: Terminal, tmp_path: Path) -> None:
    terminal.see("Nobody is signed in")
    kept = Path(f"/proc/{terminal.window()}/status").read_text()
    assert re.search(r"Seccomp:\t2\n", kept)
    assert re.search(r"CapEff:\t0+\n", kept)
    terminal.press("write\r")
    terminal.see("Write\\. A line")
    terminal.press("Milk\r.\r")
    terminal.see("Saved on this computer")
    terminal.press("sign in\r")
    terminal.see("enter the code")
    terminal.press("\x11")
    assert terminal.front.wait(LIMIT_S) == 0
    [note] = (tmp_path / "home").rglob("notes/nobody/*.json")
    assert '"Milk"' in note.read_text(), "what was typed faster than it was drawn is two lines"


def test_without_a_terminal_it_says_so() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "refapp.examples.textual_app"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT_S, check=False,
    )  # fmt: skip
    assert done.returncode == 69
    assert "no terminal to draw in" in done.stderr
