"""The real app on a private screen, and a person in front of it: starts it, reads what it shows,
clicks and types.

Owns the app's process and the log of its error output. What the window shows is what the window
itself reports into the trace (``roster``), so nothing is guessed from pixels. Nothing waits for
luck: every action waits for the widget that it needs.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from refapp.tour import wording
from refapp.tour.desktop import PrivateDesktop
from refapp.tour.trace import WAIT_LIMIT_S, NotSeen, Trace, shown
from refapp.trusted.recorder import Entry

TITLE = "refapp - "
QUIT_LIMIT_S = 15.0


def app_behind(started: int) -> int:
    """The app's own process, the one child of the process that was started."""
    return int(Path(f"/proc/{started}/task/{started}/children").read_text().split()[0])


class RunningApp:
    """The app at ``server``, its files in ``folder``/home and its trace in ``folder``/trace.ndjson,
    started more than once.

    ``command`` is what starts it. ``home``: another copy's, for one beside it.
    """

    def __init__(
        self,
        desktop: PrivateDesktop,
        server: str,
        folder: Path,
        options: Sequence[str] = (),
        *,
        home: Path | None = None,
    ) -> None:
        self.home = home or folder / "home"
        self.trace = Trace(folder / "trace.ndjson", self._gone)
        self.log = folder / "app.log"
        self._desktop = desktop
        self.command = [
            sys.executable,
            "-m",
            "refapp",
            "run",
            "--server",
            server,
            "--home",
            str(self.home),
        ]
        # There is no browser on a private desktop:
        # a step that needs one does the person's part itself.
        self.command += ["--browser", "true"]
        self.command += ["--trace", str(folder / "trace.ndjson"), *options]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The app's own process: what was started waits for it (``closed_process``)."""
        if self.process is None:
            raise NotSeen(wording.APP_NOT_STARTED)
        return app_behind(self.process.pid)

    def start(self) -> None:
        """Start the app and wait for its window, which then has the keyboard."""
        with self.log.open("ab") as log:
            self.process = self._desktop.start(self.command, stdout=log, stderr=log)
        seen = len(self.trace.entries())
        self.trace.wait(
            "The window's first look at a snapshot", lambda new: shown(new) or None, since=seen
        )
        self._desktop.wait_for_window(TITLE)

    def quit(self) -> int:
        """Close the window as a person does, and wait for the app to end; its exit code."""
        self._desktop.key("alt+F4")
        return self.exit_code()

    def exit_code(self) -> int:
        """Wait for the app to end by itself; its exit code."""
        if self.process is None:
            raise NotSeen(wording.APP_NOT_STARTED)
        try:
            return self.process.wait(QUIT_LIMIT_S)
        except subprocess.TimeoutExpired:
            raise NotSeen(wording.app_did_not_end(QUIT_LIMIT_S)) from None
        finally:
            self.process = None

    def seen(self) -> Mapping[str, str]:
        """What the window shows now: widget -> text (``roster.read``)."""
        return shown(self.trace.entries())

    def wait_until(
        self,
        awaited: str,
        holds: Callable[[Mapping[str, str]], bool],
        limit_s: float = WAIT_LIMIT_S,
    ) -> Mapping[str, str]:
        """Wait until what the window shows now ``holds``; what it shows then. Raises NotSeen."""

        def look(entries: Sequence[Entry]) -> Mapping[str, str] | None:
            widgets = shown(entries)
            return widgets if widgets and holds(widgets) else None

        try:
            return self.trace.wait(awaited, look, limit_s=limit_s)
        except NotSeen as error:
            texts = {name: text for name, text in self.seen().items() if ":" not in name and text}
            raise NotSeen(wording.window_shows(error.sentence, texts)) from None

    def click(self, widget: str) -> None:
        """Click the middle of ``widget``, once it is there and can be used."""
        place = f"at:{widget}"
        x, y = self.wait_until(f"A {widget} that can be used", lambda widgets: place in widgets)[
            place
        ].split(",")
        self._desktop.click(int(x), int(y))

    def fill(self, widget: str, text: str) -> None:
        """Click into the field ``widget``, and type ``text`` in place of what is there."""
        self.click(widget)
        self.wait_until(wording.keyboard_in(widget), lambda widgets: widgets.get("focus") == widget)
        self._desktop.key("ctrl+slash")
        self._desktop.type(text)

    def type(self, text: str) -> None:
        """Type ``text`` where the keyboard is."""
        self._desktop.type(text)

    def press(self, *keys: str) -> None:
        """Press keys in the window, by xdotool's names."""
        self._desktop.key(*keys)

    def picture(self, path: Path) -> None:
        """Write a PNG of the window, without the mouse in it;
        of the whole screen if there is no window.
        """
        desktop = self._desktop
        desktop.put_mouse_away()
        window = desktop.window(TITLE)
        desktop.picture(path, None if window is None else desktop.area(window))

    def _gone(self) -> str:
        code = None if self.process is None else self.process.poll()
        if code is None:
            return ""
        said = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return f"the app ended with code {code}. {said[-1] if said else ''}".strip()
