"""Typing in the desktop driver, into forms and notes, up to the end of the app: real keys, and
signals as a desktop sends them.

A part of ``desktop``.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from refapp.snapshot import Factor
from refapp.tour import desktop
from refapp.tour.running_app import app_behind
from refapp.untrusted.frame.window import HEIGHT, WIDTH
from refapp.untrusted.presentation.sign_in_screen import KINDS
from steps.on_desktop.computer import Computer, children, command_of, started_by, wait_for_sleep
from steps.on_desktop.desktop_looks import TITLE
from steps.on_desktop.desktop_sight import pressed_at_once
from steps.on_desktop.trace import Trace
from steps.scenario.driver import FactorName
from steps.scenario.people import PEOPLE
from steps.scenario.sight import Page
from steps.scenario.writing import End

CLOSES: Mapping[End, Sequence[str]] = {
    "she closes the window": ["alt+F4"],
    "she presses Ctrl and Q": ["ctrl+q"],
    "she chooses Close in the menu": ["F10", "c"],
}
BY_ENTER = PEOPLE["Ada"].email
"""Who sends the form by Enter; everybody else clicks its button."""
OTHER = "Another program"
OTHER_PROGRAM = f"import tkinter; root = tkinter.Tk(); root.title({OTHER!r}); root.mainloop()"
USUAL_DOTS = 96
LIMIT_S, QUIET_S, MENU_COMES_S, BETWEEN_WORDS_S = 20.0, 0.15, 0.3, 0.01


class DesktopTyping:
    """``_app`` is the running app on the computer's screen."""

    trace: Trace
    folder: Path
    _computer: Computer
    _app: subprocess.Popen[bytes] | None

    @abstractmethod
    def sees(self, page: Page | None = None) -> Mapping[str, str]:
        """See ``driver.Driver``."""

    @abstractmethod
    def _click(self, widget: str) -> None:
        """Click the middle of it."""

    @abstractmethod
    def _act(self, do: Callable[[], None], request: str) -> None:
        """Do it, and wait until the window has asked for that, and rests."""

    @abstractmethod
    def until(self, done: Callable[[], bool], complaint: str) -> None:
        """Wait until it is done."""

    @abstractmethod
    def rest(self) -> None:
        """See ``driver.Driver``."""

    def type_credentials(self, email: str, password: str) -> None:
        """See ``driver.Driver``."""
        screen = self._computer.screen
        self.sees("account")
        for widget, text in (("sign_in.email", email), ("sign_in.password", password)):
            self._click(widget)
            screen.key("Home", "shift+End")
            screen.type(text)
        if email == BY_ENTER:
            self._act(lambda: screen.key("Return"), "sign_in")
        else:
            self._act(lambda: self._click("sign_in.submit"), "sign_in")

    def type_email(self, email: str) -> None:
        """Type it into the form, and no more."""
        self.sees("account")
        self._click("sign_in.email")
        self._computer.screen.key("Home", "shift+End")
        self._computer.screen.type(email)

    def paste(self, text: str) -> None:
        """See ``driver.Driver``."""
        self._click("sign_in.pasted")
        self._computer.screen.type(f"{text} ")  # as much as a hand chooses with the mouse
        self._act(lambda: self._computer.screen.key("KP_Enter"), "sign_in_paste")

    def enter_code(self, factor: FactorName, code: str, *, trust: bool) -> None:
        """See ``driver.Driver``."""
        seen = self.sees("account")
        number = next(
            n for n in (1, 2, 3) if seen.get(f"second_factor.factor{n}") == KINDS[Factor(factor)][0]
        )
        self._click(f"second_factor.factor{number}")
        if trust:
            self._click("second_factor.trust")
        self._click("second_factor.one_time_code")
        self._computer.screen.type(f" {code}")  # as it comes out of an e-mail
        self._act(lambda: self._computer.screen.key("Return"), "sign_in_second_factor")

    def drawn_for(self, dots: int) -> bool:
        """Whether the window has grown as its text has, as far as there is room."""
        screen = self._computer.screen
        window = screen.window(TITLE)
        assert window is not None
        usual = round(WIDTH * dots / USUAL_DOTS), round(HEIGHT * dots / USUAL_DOTS)
        across, down = screen.area(window)[2:]
        return (across, down) == (min(usual[0], desktop.WIDTH), min(usual[1], desktop.HEIGHT))

    @abstractmethod
    def _start(self) -> None:
        """Start the app."""

    def open_behind(self) -> None:
        """Another program has the keyboard while the first page comes; then she turns to it."""
        screen, shown = self._computer.screen, self.trace.count("shown")
        self._start()
        self.until(lambda: screen.window(TITLE) is not None, "no window came")
        assert self._app is not None
        app = app_behind(self._app.pid)
        os.kill(app, signal.SIGSTOP)  # so the page does not come before the keyboard is away
        wait_for_sleep(lambda: QUIET_S, LIMIT_S, but=app)
        other = screen.start([sys.executable, "-c", OTHER_PROGRAM])
        screen.wait_for_window(OTHER)
        os.kill(app, signal.SIGCONT)
        self.until(lambda: self.trace.count("shown") > shown, "the window showed nothing")
        wait_for_sleep(lambda: QUIET_S, LIMIT_S)
        other.kill()
        other.wait()
        screen.wait_for_window(TITLE)
        wait_for_sleep(lambda: QUIET_S, LIMIT_S)
        self.rest()

    def write_note(self, text: str) -> None:
        """See ``driver.Driver``."""
        self.sees("notes")
        self._click("notes.new")
        self._click("notes.editor")
        self._act(lambda: self._computer.screen.type(text), "note_save")
        # Who types slowly has a part of it saved first.
        self.until(
            lambda: self.trace.shown()[-1].get("notes.saved") != "Saving…",
            "what was typed was not saved",
        )
        self.rest()

    def change_note(self, text: str) -> None:
        """See ``driver.Driver``."""
        self.sees("notes")
        self._click("notes.editor")
        self._computer.screen.key("ctrl+a")
        self._act(lambda: self._computer.screen.type(text), "note_save")

    def spoil_notes(self) -> None:
        """From now on no note of nobody's can be written."""
        lock = self.folder / "notes" / "nobody.lock"
        lock.unlink(missing_ok=True)
        lock.mkdir(parents=True)

    def type_and_close(self, text: str) -> None:
        """Type ``text`` into the empty note and close the window, which need not leave."""
        self.sees("notes")
        self._click("notes.editor")
        self._computer.screen.type(text)
        shown = self.trace.count("shown")
        self._computer.screen.key("alt+F4")
        self.until(
            lambda: (
                self._app is None
                or self._app.poll() is not None
                or self.trace.count("shown") > shown
            ),
            "the window neither left nor said anything",
        )
        # What it said may be of the text still: the close button is another program's to press.
        wait_for_sleep(lambda: QUIET_S, LIMIT_S)
        self.rest()

    def leaves(self) -> bool:
        """Close the window once more; whether the app ends."""
        assert self._app is not None
        self._computer.screen.key("alt+F4")
        try:
            self._app.communicate(timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            return False
        self._app = None
        return True

    def kill_gate(self) -> None:
        """End the process that the window reaches the display through; until there is another."""
        assert self._app is not None
        app, greeted = app_behind(self._app.pid), self.trace.count("hello")
        [keeper] = [one for one in children(app) if command_of(one) == command_of(app)]
        [gate] = children(keeper)
        os.kill(gate, signal.SIGKILL)
        self.until(lambda: self.trace.count("hello") > greeted, "no other window came")
        self.rest()

    def _tell_until_it_ends(self) -> None:
        assert self._app is not None
        for _ in range(int(LIMIT_S / BETWEEN_WORDS_S)):
            for pid in (*started_by(self._app.pid), self._app.pid):
                with contextlib.suppress(ProcessLookupError):  # it has ended since
                    os.kill(pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._app.wait(BETWEEN_WORDS_S)
                return

    def type_and_end(self, text: str, end: End) -> tuple[int, str]:
        """See ``driver.Driver``."""
        assert self._app is not None
        self.sees("notes")
        self._click("notes.editor")
        begun = self.trace.size()
        with pressed_at_once(app_behind(self._app.pid)):
            self._computer.screen.type(text)
        if end == "the computer is shut down":
            # A desktop tells every process of the session that it closes, and more than once.
            self._tell_until_it_ends()
        elif end == "the terminal is closed":
            self._app.send_signal(signal.SIGHUP)
        if end == "the display goes away":
            # What the window was not given yet would go with it.
            self.until(
                lambda: any(one.get("notes.saved") == "Saving…" for one in self.trace.shown(begun)),
                "nothing was typed",
            )
            self._computer.screen.kill_client(TITLE)
        for key in CLOSES.get(end, ()):
            self._computer.screen.key(key)
            if key == "F10":
                wait_for_sleep(lambda: MENU_COMES_S, LIMIT_S)
        try:
            _, said = self._app.communicate(timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            return -1, "It did not end."
        code, self._app = self._app.returncode, None
        return code, said.decode()
