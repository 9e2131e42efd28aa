"""A parent made of a script: starts the real window process and answers it, so that a test sees
both ends of the channel.
"""

from __future__ import annotations

import collections
import contextlib
import os
import select
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from refapp import messages as m, wire
from refapp.snapshot import (
    Boundary,
    Check,
    DemoAccount,
    NoteSummary,
    Phase,
    Service,
    StateParams,
    Storage,
    User,
)
from refapp.trusted.start import spawn
from refapp.trusted.window.ui_process import complaints

PATIENCE_S = 30.0
NOTE = "0" * 12


def snapshot(phase: Phase, **changes: object) -> StateParams:
    """What a parent would send in ``phase``."""
    known = phase not in (Phase.SIGNED_OUT, Phase.SIGNING_IN, Phase.UNAVAILABLE)
    locked = Storage(
        "locked",
        "Secret Service",
        "The keychain is locked.",
        "Unlock your keychain, then try again.",
    )
    base = StateParams(
        revision=1,
        phase=phase,
        server="https://auth.example.com",
        version="0.1.0",
        user=User("Ada Lovelace", "ada@example.com") if known else None,
        demo=DemoAccount("demo@example.com", "correct horse")
        if phase is Phase.SIGNED_OUT
        else None,
        storage=locked if phase is Phase.UNAVAILABLE else Storage("available", "Secret Service"),
        boundary=Boundary(
            verified=True, checks=[Check("System calls", held=True)], display="Display: private."
        ),
        notes=[NoteSummary(NOTE, "Shopping list", 1.0)],
        sync=Service("ready" if phase is Phase.SIGNED_IN else "off"),
        assistant=Service("ready" if phase is Phase.SIGNED_IN else "off"),
    )
    return msgspec.structs.replace(base, **changes)


class WindowParent:
    """One window process.
    ``asked`` has every request, in order; ``seen`` is what the window showed last.
    """

    def __init__(
        self, display: dict[str, str], *, observe: bool = True, theme: str = "light"
    ) -> None:
        self.display = display
        self._welcome = m.Welcome(m.PROTOCOL, "dark" if theme == "dark" else "light", observe)
        self.asked: list[m.Up] = []
        self.seen: dict[str, str] = {}
        self.acknowledged: list[int] = []
        self._said = b""
        self.refuses: dict[type[m.Up], m.ErrorDetail] = {}
        self.holds: set[type[m.Up]] = set()
        self._held: list[m.Up] = []
        self._lines = wire.LineReader()
        self._unread: collections.deque[bytes] = collections.deque()
        self._returncode: int | None = None
        self.text, self.summary = "Bread and tea", "Two things to buy."

    def start(self, *options: str, command: list[str] | None = None) -> None:
        """Start the window with the strictest settings:
        what is not allowed kills it, a late import ends it.
        """
        strict = [*spawn.own_window(on_violation="kill", unsandboxed=False), "--no-late-imports"]
        environment = {"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", **self.display}
        self.child = spawn.spawn(command or [*strict, *options], environment)

    def ready(self, state: StateParams) -> None:
        """Take the window through the start up to the first snapshot,
        and wait until that is shown.
        """
        self.until(lambda: any(isinstance(message, m.Initialize) for message in self.asked))
        self.show(state)

    def show(self, state: StateParams) -> None:
        """Send a snapshot and wait until the window has drawn it."""
        before = len(self.acknowledged)
        self.send(m.Snapshot(params=state))
        self.until(lambda: state.revision in self.acknowledged[before:])

    def send(self, message: m.Snapshot | m.Ping | m.Answer) -> None:
        self.send_bytes(wire.encode(message))

    def send_bytes(self, data: bytes) -> None:
        # A window that is gone reads nothing; that it is gone shows when its output ends.
        with contextlib.suppress(BrokenPipeError):
            while data:
                data = data[os.write(self.child.stdin, data) :]

    def until(self, reached: Callable[[], bool]) -> None:
        """Answer the window until ``reached``."""
        deadline = time.monotonic() + PATIENCE_S
        while not reached():
            left = deadline - time.monotonic()
            assert self._returncode is None, (
                f"It ended with {self._returncode}. Errors: {self.complaint}"
            )
            assert left > 0, (
                f"It did not come to that. Shown: {self.seen}. Errors: {self.complaint}"
            )
            self.turn(left)

    def see(self, name: str, text: str) -> None:
        """Wait until the widget ``name`` shows ``text``."""
        self.until(lambda: self.seen.get(name) == text)

    def keys(self, *keys: str) -> None:
        """Press keys, each with its modifiers, such as "alt+a"."""
        self.xdotool("key", "--delay", "20", *keys)

    def type(self, text: str) -> None:
        self.xdotool("type", "--delay", "20", text)

    def xdotool(self, *words: str) -> str:
        """Run xdotool on the window's display; what it says."""
        command = ["xdotool", *words]
        env = {**os.environ, **self.display}
        done = subprocess.run(
            command, env=env, check=True, timeout=PATIENCE_S, capture_output=True, text=True
        )
        return done.stdout

    def window(self) -> str:
        """The window's number."""
        return self.xdotool("search", "--onlyvisible", "--name", "^refapp - ").split()[-1]

    def geometry(self, window: str) -> tuple[int, int, int, int]:
        """x, y, width and height."""
        said = dict(
            line.split("=", 1)
            for line in self.xdotool("getwindowgeometry", "--shell", window).split()
        )
        return int(said["X"]), int(said["Y"]), int(said["WIDTH"]), int(said["HEIGHT"])

    def until_placed(self, *place: int) -> None:
        """Answer the window until it lies at x, y with that width and height."""
        deadline = time.monotonic() + PATIENCE_S
        while self.geometry(self.window()) != place:
            assert time.monotonic() < deadline, (
                f"It lies at {self.geometry(self.window())}, not at {place}."
            )
            self.turn(0.05)

    def see_colour(self, x: int, y: int, colour: str) -> None:
        """Wait until a pixel of the window has the colour #rrggbb."""
        command = [
            "import",
            "-window",
            self.window(),
            "-crop",
            f"1x1+{x}+{y}",
            "-depth",
            "8",
            "txt:-",
        ]
        deadline, said = time.monotonic() + PATIENCE_S, ""
        while colour not in said.lower():
            assert time.monotonic() < deadline, f"It has not the colour {colour}: {said}"
            said = subprocess.run(
                command,
                env={**os.environ, **self.display},
                check=True,
                capture_output=True,
                text=True,
            ).stdout

    @property
    def complaint(self) -> str:
        """What the window wrote to its error pipe."""
        return "".join(f"{line}\n" for line in complaints(self._said))

    @property
    def ended(self) -> bool:
        """The process has ended."""
        return self._returncode is not None

    def exit_code(self) -> int:
        """Wait for the end of the process: its exit code, negative for a signal."""
        while self._returncode is None:
            self.turn(PATIENCE_S)
        return self._returncode

    def status(self) -> dict[int, dict[str, str]]:
        """/proc's status of every thread of the window."""
        found = {}
        for task in Path(f"/proc/{self.child.pid}/task").iterdir():
            pairs = (line.split(":", 1) for line in (task / "status").read_text().splitlines())
            found[int(task.name)] = {name: value.strip() for name, value in pairs}
        return found

    def close(self) -> None:
        """End the process, if it still runs, and our ends of its pipes."""
        if self._returncode is None:
            os.kill(self.child.pid, 9)
            os.waitpid(self.child.pid, 0)
        for fd in (self.child.stdin, self.child.stdout, self.child.stderr):
            os.close(fd)

    def turn(self, timeout_s: float) -> None:
        """Answer the next line, if it comes within that time.
        One alone, also where several came at once: each is a moment that is waited for.
        """
        if not self._unread:
            self._read(timeout_s)
        if self._unread:
            self._answer(wire.decode_up(self._unread.popleft()))

    def _read(self, timeout_s: float) -> None:
        ready, _, _ = select.select([self.child.stdout, self.child.stderr], [], [], timeout_s)
        if self.child.stderr in ready:
            self._said += os.read(self.child.stderr, 65_536)
        if self.child.stdout not in ready:
            return
        data = os.read(self.child.stdout, 65_536)
        if not data:
            self._returncode = os.waitstatus_to_exitcode(os.waitpid(self.child.pid, 0)[1])
            self._said += os.read(self.child.stderr, 65_536)
            return
        self._unread.extend(self._lines.feed(data))

    def let_go(self) -> None:
        """Answer what was held, and hold nothing more."""
        self.holds = set()
        while self._held:
            self._reply(self._held.pop(0))

    def _answer(self, message: m.Up) -> None:
        self.asked.append(message)
        if type(message) in self.holds:
            self._held.append(message)
        else:
            self._reply(message)

    def _reply(self, message: m.Up) -> None:
        if type(message) in self.refuses:
            self.send(m.Answer(id=getattr(message, "id", None), error=self.refuses[type(message)]))
            return
        match message:
            case m.Shown(params=params):
                self.seen = dict(params.widgets)
                self.acknowledged.append(params.revision)
            case m.Pong():
                pass
            case m.Hello(id=number):
                self.send(m.Answer(id=number, result=self._welcome))
            case m.NoteOpen(id=number, params=params):
                self.send(m.Answer(id=number, result=m.NoteText(params.note, self.text)))
            case m.NoteSave(id=number, params=params):
                self.send(m.Answer(id=number, result=m.NoteSaved(params.note or "f" * 12)))
            case m.Summarise(id=number, params=params):
                self.send(m.Answer(id=number, result=m.Summary(params.note, self.summary)))
            case _:
                self.send(m.Answer(id=message.id, result=m.Done()))
