"""A person who types into the real window of the real app, key by key, and what of it is on the
disk afterwards.

Owns the app of one run, its private runtime folder, and the moment of each key. A loss is told in
seconds: from the moment at which the first missing character was typed to the end. Nobody is signed
in, no server and no keychain is needed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import msgspec

from refapp.tour.desktop import PrivateDesktop
from refapp.tour.running_app import RunningApp
from refapp.tour.trace import shown
from refapp.trusted.services.note_files import Note
from steps.on_desktop.computer import children, command_of

NOBODY = "http://127.0.0.1:9"
KEY_EVERY_S = 0.03
PATIENCE_S = 60.0


class Typist:
    """``text`` is what was typed so far into the newest note:
    numbers and spaces, so that what is missing can be seen, and no two notes begin alike.
    """

    def __init__(self, folder: Path) -> None:
        self.runtime = folder / "runtime"
        self.runtime.mkdir(mode=0o700)
        self.desktop = PrivateDesktop(
            {"XDG_RUNTIME_DIR": str(self.runtime), "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
        )
        self.app = RunningApp(self.desktop, NOBODY, folder, ("--theme", "light"))
        self.text = ""
        self._first = 0
        self._at: list[float] = []
        self._hands: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Typist:
        self.desktop.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        if self._hands is not None:
            self._hands.kill()
            self._hands.communicate()
        self.desktop.close()

    def start(self) -> None:
        """Start the app, with an empty note that has the keyboard."""
        self.app.start()
        # There is no keychain here, and the window says so once it knows.
        self.app.wait_until(
            "The end of the start",
            lambda seen: (
                "No secure storage" in seen["title"] and seen.get("focus") == "sign_in.email"
            ),
        )
        self.new_note()

    def start_and_kill(self, after_s: float) -> None:
        """Start the app, kill it that long after, and wait for the end of all its processes.

        A window that is still on its way out would be given the next key.
        """
        parent = subprocess.Popen(
            self.app.command, env=self.desktop.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        time.sleep(after_s)
        parent.kill()
        # Each of them has the pipe's other end.
        parent.communicate(timeout=PATIENCE_S)

    def until_nothing_is_left_behind(self) -> None:
        """Wait until nothing of any run lies in the runtime folder."""
        give_up = time.monotonic() + PATIENCE_S
        while left := self.left_behind():
            assert time.monotonic() < give_up, left
            time.sleep(0.05)

    def notice(self) -> str:
        """What the window says once, if anything."""
        return self.app.seen().get("notice", "")

    def new_note(self) -> None:
        """Begin another note."""
        self._first += len(self.text) // 5 + 1
        self.text, self._at = "", []
        self.app.press("ctrl+n")
        self.app.wait_until("An empty note", lambda seen: seen.get("focus") == "notes.editor")

    @property
    def parent(self) -> subprocess.Popen[bytes]:
        """What was started: it hands on what tells it to end to the trusted parent,
        and ends as that does.
        """
        assert self.app.process is not None
        return self.app.process

    def window(self) -> int:
        """The process of the window, 0 if there is none."""
        windows = (pid for pid in children(self.app.pid) if b"untrusted" in command_of(pid))
        return next(windows, 0)

    def until_another_window(self, before: int) -> None:
        """Wait until a window that is not the process ``before`` shows something."""
        give_up = time.monotonic() + PATIENCE_S
        while self.window() in (0, before):
            assert time.monotonic() < give_up
            time.sleep(0.02)
        seen = len(self.app.trace.entries())
        self.app.trace.wait("A fresh window", lambda new: shown(new) or None, since=seen)

    def type_for(self, seconds: float) -> None:
        """Type without a pause for so long."""
        began = time.monotonic()
        while (now := time.monotonic()) < began + seconds:
            self.type_one()
            time.sleep(max(0.0, now + KEY_EVERY_S - time.monotonic()))

    def until_typed(self) -> None:
        """Wait until every key is pressed: xdotool may be behind."""
        if self._hands is not None:
            assert self._hands.stdin is not None
            self._hands.stdin.close()
            assert self._hands.wait(PATIENCE_S) == 0
            self._hands = None

    def type_one(self, letter: str = "") -> None:
        """Press the next key."""
        if self._hands is None:
            self._hands = subprocess.Popen(
                ["xdotool", "-"], env=self.desktop.env, stdin=subprocess.PIPE
            )
        assert self._hands.stdin is not None
        letter = letter or f"{self._first + len(self.text) // 5:04} "[len(self.text) % 5]
        self._hands.stdin.write(f"key --delay 0 {'space' if letter == ' ' else letter}\n".encode())
        self._hands.stdin.flush()
        self.text += letter
        self._at.append(time.monotonic())

    def kept(self) -> list[str]:
        """The texts of the notes on the disk, oldest first."""
        notes = [
            msgspec.json.decode(path.read_bytes(), type=Note)
            for path in self.app.home.rglob("notes/*/*.json")
        ]
        return [
            note.text
            for note in sorted(notes, key=lambda note: note.changed_at)
            if not note.deleted
        ]

    def kept_of_it(self) -> str:
        """As much of the newest note as is on the disk."""
        return max(
            (text for text in self.kept() if self.text.startswith(text)), key=len, default=""
        )

    def lost_s(self, ended_at: float) -> float:
        """How long before ``ended_at`` the first character was typed that is not on the disk; 0 if
        all are.
        """
        missing = [at for at in self._at[len(self.kept_of_it()) :] if at < ended_at]
        return ended_at - missing[0] if missing else 0.0

    def left_behind(self) -> list[str]:
        """What of this run lies in the runtime folder."""
        return [path.name for path in self.runtime.iterdir() if path.name.startswith("refapp")]

    def end(self, number: signal.Signals, pid: int) -> float:
        """Send a signal; when that was."""
        at = time.monotonic()
        os.kill(pid, number)
        return at

    def exit_code(self) -> int:
        """The parent's, once it has ended."""
        return self.app.exit_code()
